package dev.keelson.apiserver.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.auth.Authorizer.Attributes;
import dev.keelson.apiserver.auth.Authorizer.Decision;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.ReviewKind;
import java.util.List;

/** What users may ask about themselves ({@code kubectl auth can-i}, {@code kubectl auth whoami}). */
public final class AccessReviews {
    private static final String AUTHORIZATION = "authorization.k8s.io";

    private final Authorizer authorizer;

    public AccessReviews(Authorizer authorizer) {
        this.authorizer = authorizer;
    }

    public List<ReviewKind> kinds() {
        return List.of(
                ReviewKind.of(AUTHORIZATION, "SelfSubjectAccessReview", "selfsubjectaccessreviews", this::accessReview),
                ReviewKind.of(AUTHORIZATION, "SelfSubjectRulesReview", "selfsubjectrulesreviews", this::rulesReview),
                ReviewKind.of(
                        "authentication.k8s.io", "SelfSubjectReview", "selfsubjectreviews", AccessReviews::whoAmI));
    }

    private ObjectNode accessReview(User user, ObjectNode review) {
        JsonNode resource = review.path("spec").path("resourceAttributes");
        JsonNode path = review.path("spec").path("nonResourceAttributes");
        if (resource.isObject() == path.isObject()) {
            throw ApiFailure.badRequest("spec needs exactly one of resourceAttributes and nonResourceAttributes");
        }
        Attributes asked = path.isObject()
                ? Attributes.ofPath(user, text(path, "verb"), text(path, "path"))
                : new Attributes(
                        user,
                        text(resource, "verb"),
                        text(resource, "group"),
                        text(resource, "version"),
                        text(resource, "resource"),
                        text(resource, "subresource"),
                        text(resource, "namespace"),
                        text(resource, "name"),
                        "");
        Decision decision = authorizer.authorize(asked);
        ObjectNode status = review.putObject("status").put("allowed", decision.allowed());
        if (!decision.reason().isEmpty()) {
            status.put("reason", decision.reason());
        }
        return review;
    }

    /** The rules are not enumerable here, so only who may do everything gets them listed. */
    private ObjectNode rulesReview(User user, ObjectNode review) {
        boolean all = authorizer
                .authorize(new Attributes(user, "*", "*", "*", "*", "", "", "", ""))
                .allowed();
        ObjectNode status = review.putObject("status").put("incomplete", !all);
        ArrayNode resources = status.putArray("resourceRules");
        ArrayNode paths = status.putArray("nonResourceRules");
        if (all) {
            ObjectNode everything = resources.addObject();
            List.of("verbs", "apiGroups", "resources")
                    .forEach(field -> everything.putArray(field).add("*"));
            ObjectNode everywhere = paths.addObject();
            List.of("verbs", "nonResourceURLs")
                    .forEach(field -> everywhere.putArray(field).add("*"));
        }
        return review;
    }

    private static ObjectNode whoAmI(User user, ObjectNode review) {
        ObjectNode info = review.putObject("status").putObject("userInfo").put("username", user.name());
        ArrayNode groups = info.putArray("groups");
        user.groups().forEach(groups::add);
        return review;
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asText("");
    }
}
