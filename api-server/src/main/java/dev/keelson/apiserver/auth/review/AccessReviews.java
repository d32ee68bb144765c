package dev.keelson.apiserver.auth.review;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.auth.Attributes;
import dev.keelson.apiserver.auth.Authorizer;
import dev.keelson.apiserver.auth.Authorizer.Decision;
import dev.keelson.apiserver.auth.Authorizer.RuleList;
import dev.keelson.apiserver.auth.PolicyRule;
import dev.keelson.apiserver.auth.User;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.FieldError;
import dev.keelson.apiserver.registry.ReviewKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who may do what, answered by the very authorizer that requests pass (authorization.k8s.io/v1): about oneself for
 * {@code kubectl auth can-i}, about others for servers that delegate their decisions.
 */
public final class AccessReviews {
    private static final String AUTHORIZATION = "authorization.k8s.io";

    private final Authorizer authorizer;

    public AccessReviews(Authorizer authorizer) {
        this.authorizer = authorizer;
    }

    public List<ReviewKind> kinds() {
        return List.of(
                ReviewKind.of(AUTHORIZATION, "SelfSubjectAccessReview", "selfsubjectaccessreviews", this::ofSelf),
                ReviewKind.of(AUTHORIZATION, "SelfSubjectRulesReview", "selfsubjectrulesreviews", this::rules),
                ReviewKind.of(AUTHORIZATION, "SubjectAccessReview", "subjectaccessreviews", this::ofOther),
                ReviewKind.namespaced(
                        AUTHORIZATION, "LocalSubjectAccessReview", "localsubjectaccessreviews", this::ofOtherHere));
    }

    private ObjectNode ofSelf(User user, ObjectNode review) {
        refuse("SelfSubjectAccessReview", AccessReviewRules.ofSelf(review));
        return decide(user, review);
    }

    private ObjectNode ofOther(User asking, ObjectNode review) {
        refuse("SubjectAccessReview", AccessReviewRules.ofOther(review));
        return decide(subject(review.path("spec")), review);
    }

    private ObjectNode ofOtherHere(User asking, ObjectNode review) {
        refuse("LocalSubjectAccessReview", AccessReviewRules.ofOtherHere(review));
        return decide(subject(review.path("spec")), review);
    }

    private static User subject(JsonNode spec) {
        Map<String, List<String>> extra = new LinkedHashMap<>();
        spec.path("extra").properties().forEach(entry -> extra.put(entry.getKey(), texts(entry.getValue())));
        return new User(text(spec, "user"), text(spec, "uid"), texts(spec.path("groups")), extra);
    }

    private static void refuse(String kind, List<FieldError> errors) {
        if (!errors.isEmpty()) {
            throw ApiFailure.invalid(ReviewKind.definition(AUTHORIZATION, kind, kind), "", errors);
        }
    }

    private ObjectNode decide(User user, ObjectNode review) {
        JsonNode resource = review.path("spec").path("resourceAttributes");
        JsonNode path = review.path("spec").path("nonResourceAttributes");
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

    private ObjectNode rules(User user, ObjectNode review) {
        String namespace = text(review.path("spec"), "namespace");
        if (namespace.isEmpty()) {
            throw ApiFailure.badRequest("no namespace on request: set spec.namespace");
        }
        RuleList found = authorizer.rulesFor(user, namespace);
        ObjectNode status = review.putObject("status");
        ArrayNode resources = status.putArray("resourceRules");
        ArrayNode paths = status.putArray("nonResourceRules");
        for (PolicyRule rule : found.rules()) {
            (rule.nonResourceUrls().isEmpty() ? resources : paths).add(rule.toJson());
        }
        status.put("incomplete", found.incomplete());
        if (!found.reasons().isEmpty()) {
            status.put("evaluationError", String.join(", ", found.reasons()));
        }
        return review;
    }

    private static List<String> texts(JsonNode values) {
        List<String> texts = new ArrayList<>();
        values.forEach(value -> texts.add(value.asText()));
        return texts;
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asText("");
    }
}
