package dev.keelson.apiserver.http.verb;

import dev.keelson.apiserver.auth.Authorizer;
import dev.keelson.apiserver.auth.Authorizer.Attributes;
import dev.keelson.apiserver.auth.Authorizer.Decision;
import dev.keelson.apiserver.http.request.ApiRequest;
import dev.keelson.apiserver.registry.ApiFailure;

/**
 * Asks once more when an update or apply turns out to create: the permission to change what is there does not include
 * making something new.
 */
public record CreatePermission(Authorizer authorizer) {

    void require(ApiRequest request) {
        Attributes asked = request.info().as("create").attributes(request.user());
        Decision decision = authorizer.authorize(asked);
        if (!decision.allowed()) {
            String why = decision.reason().isEmpty() ? "" : ": " + decision.reason();
            throw ApiFailure.forbidden(
                    request.kind(),
                    request.info().name(),
                    "User \"%s\" cannot create resource \"%s\" in API group \"%s\" in the namespace \"%s\"%s"
                            .formatted(request.user().name(), asked.resource(), asked.group(), asked.namespace(), why));
        }
    }
}
