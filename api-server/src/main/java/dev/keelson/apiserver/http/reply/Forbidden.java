package dev.keelson.apiserver.http.reply;

import dev.keelson.apiserver.auth.Attributes;
import dev.keelson.apiserver.auth.Authorizer.Decision;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.StatusDetails;
import dev.keelson.apiserver.registry.StatusReason;

/** How a request is refused that its user may not make. */
public final class Forbidden {
    private Forbidden() {}

    /** Worded as apiserver's {@code responsewriters.ForbiddenStatusError}. */
    public static ApiFailure failure(Attributes asked, Decision decision) {
        String reason = decision.reason().isEmpty() ? "" : ": " + decision.reason();
        String user = "User \"" + asked.user().name() + "\" cannot " + asked.verb();
        if (!asked.isResource()) {
            return new ApiFailure(
                    StatusReason.FORBIDDEN,
                    "forbidden: %s path \"%s\"%s".formatted(user, asked.path(), reason),
                    StatusDetails.NONE);
        }
        String scope =
                asked.namespace().isEmpty() ? "at the cluster scope" : "in the namespace \"" + asked.namespace() + "\"";
        String what = "%s resource \"%s\" in API group \"%s\" %s"
                .formatted(user, asked.resourceWithSubresource(), asked.group(), scope);
        String qualified = asked.group().isEmpty() ? asked.resource() : asked.resource() + "." + asked.group();
        String subject = asked.name().isEmpty() ? qualified : qualified + " \"" + asked.name() + "\"";
        return new ApiFailure(
                StatusReason.FORBIDDEN,
                subject + " is forbidden: " + what + reason,
                StatusDetails.of(asked.name(), asked.group(), asked.resource()));
    }
}
