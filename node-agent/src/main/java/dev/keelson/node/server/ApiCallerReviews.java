package dev.keelson.node.server;

import dev.keelson.crds.client.ApiClient;
import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.model.ResourceType;
import dev.keelson.node.NodeException;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * TokenReviews and SubjectAccessReviews, as the kubelet's webhook mode. Answers are kept for a while, a refusal shorter, so
 * that a scraper does not cost the API server two requests each time.
 */
public final class ApiCallerReviews implements CallerReviews {
    private static final ResourceType<GenericKubernetesResource> TOKENS = new ResourceType<>(
            "authentication.k8s.io", "v1", "TokenReview", "tokenreviews", false, GenericKubernetesResource.class);
    private static final ResourceType<GenericKubernetesResource> ACCESS = new ResourceType<>(
            "authorization.k8s.io",
            "v1",
            "SubjectAccessReview",
            "subjectaccessreviews",
            false,
            GenericKubernetesResource.class);
    private static final Duration KEPT = Duration.ofMinutes(2);
    private static final Duration REFUSAL_KEPT = Duration.ofSeconds(30);
    private static final int MOST_KEPT = 1000;

    private final ApiClient api;
    private final String node;
    private final InstantSource clock;
    private final Map<String, Kept<Optional<Caller>>> owners = new ConcurrentHashMap<>();
    private final Map<Question, Kept<Boolean>> answers = new ConcurrentHashMap<>();

    private record Question(Caller caller, String verb, String part) {}

    private record Kept<T>(T answer, Instant until) {}

    public ApiCallerReviews(ApiClient api, String node, InstantSource clock) {
        this.api = api;
        this.node = node;
        this.clock = clock;
    }

    @Override
    public Optional<Caller> owner(String token) {
        return kept(owners, token, () -> askOwner(token), Optional::isPresent);
    }

    @Override
    public boolean allows(Caller caller, String verb, String part) {
        return kept(answers, new Question(caller, verb, part), () -> ask(caller, verb, part), allowed -> allowed);
    }

    private <K, T> T kept(Map<K, Kept<T>> memory, K key, Supplier<T> question, java.util.function.Predicate<T> good) {
        Instant now = clock.instant();
        Kept<T> before = memory.get(key);
        if (before != null && before.until.isAfter(now)) {
            return before.answer;
        }
        memory.values().removeIf(old -> !old.until.isAfter(now));
        T answer = question.get();
        if (memory.size() < MOST_KEPT) {
            memory.put(key, new Kept<>(answer, now.plus(good.test(answer) ? KEPT : REFUSAL_KEPT)));
        }
        return answer;
    }

    private Optional<Caller> askOwner(String token) {
        Map<String, Object> status = create(TOKENS, Map.of("token", token));
        if (!Boolean.TRUE.equals(status.get("authenticated")) || !(status.get("user") instanceof Map<?, ?> user)) {
            return Optional.empty();
        }
        List<String> groups = user.get("groups") instanceof List<?> names
                ? names.stream().map(String::valueOf).toList()
                : List.of();
        return Optional.of(new Caller(String.valueOf(user.get("username")), groups));
    }

    private boolean ask(Caller caller, String verb, String part) {
        Map<String, Object> attributes = Map.of(
                "verb", verb, "group", "", "version", "v1", "resource", "nodes", "subresource", part, "name", node);
        Map<String, Object> status = create(
                ACCESS, Map.of("user", caller.user(), "groups", caller.groups(), "resourceAttributes", attributes));
        return Boolean.TRUE.equals(status.get("allowed"));
    }

    private Map<String, Object> create(ResourceType<GenericKubernetesResource> type, Map<String, Object> spec) {
        GenericKubernetesResource review = new GenericKubernetesResource();
        review.setApiVersion(type.group() + "/" + type.version());
        review.setKind(type.kind());
        review.setMetadata(new ObjectMeta());
        review.setAdditionalProperty("spec", spec);
        try {
            Object status = api.create(type, review).getAdditionalProperties().get("status");
            return status instanceof Map<?, ?> map ? copy(map) : Map.of();
        } catch (ApiException failure) {
            throw new NodeException(
                    NodeException.Kind.TRANSIENT,
                    "CallerUnknown",
                    "the API server cannot be asked who calls: " + failure.getMessage(),
                    failure);
        }
    }

    private static Map<String, Object> copy(Map<?, ?> map) {
        Map<String, Object> copy = new java.util.HashMap<>();
        map.forEach((key, value) -> copy.put(String.valueOf(key), value));
        return copy;
    }
}
