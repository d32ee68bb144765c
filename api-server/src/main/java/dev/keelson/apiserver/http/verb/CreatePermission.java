package dev.keelson.apiserver.http.verb;

import dev.keelson.apiserver.auth.Attributes;
import dev.keelson.apiserver.auth.Authorizer;
import dev.keelson.apiserver.auth.Authorizer.Decision;
import dev.keelson.apiserver.http.reply.Forbidden;
import dev.keelson.apiserver.http.request.ApiRequest;

/**
 * Asks once more when an update or apply turns out to create: the permission to change what is there does not include
 * making something new.
 */
public record CreatePermission(Authorizer authorizer) {

    void require(ApiRequest request) {
        Attributes asked = request.info().as("create").attributes(request.user());
        Decision decision = authorizer.authorize(asked);
        if (!decision.allowed()) {
            throw Forbidden.failure(asked, decision);
        }
    }
}
