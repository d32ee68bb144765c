package dev.keelson.apiserver.http.verb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.auth.token.ServiceAccountTokens;
import dev.keelson.apiserver.auth.token.TokenClaims;
import dev.keelson.apiserver.auth.token.TokenClaims.Bound;
import dev.keelson.apiserver.http.reply.Reply;
import dev.keelson.apiserver.http.request.ApiRequest;
import dev.keelson.apiserver.http.request.ObjectBodies;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.FieldError;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceRegistry;
import dev.keelson.apiserver.registry.store.Reads;
import dev.keelson.apiserver.watch.CachedObject;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** {@code serviceaccounts/token}: signs a token for an account (authentication.k8s.io/v1 TokenRequest). */
public final class TokenHandler {
    private static final String API_VERSION = "authentication.k8s.io/v1";
    private static final ResourceDefinition SHOWN = dev.keelson.apiserver.registry.ReviewKind.of(
                    "authentication.k8s.io", "TokenRequest", "tokenrequests", (user, question) -> question)
            .definition();
    private static final long SHORTEST = 600;
    private static final long LONGEST = 1L << 32;
    private static final long USUAL = 3600;

    private final Reads reads;
    private final ObjectBodies bodies;
    private final ResourceRegistry registry;
    private final ServiceAccountTokens tokens;
    private final Clock clock;

    public TokenHandler(
            Reads reads, ObjectBodies bodies, ResourceRegistry registry, ServiceAccountTokens tokens, Clock clock) {
        this.reads = reads;
        this.bodies = bodies;
        this.registry = registry;
        this.tokens = tokens;
        this.clock = clock;
    }

    public Reply create(ApiRequest request) {
        ObjectNode asked = bodies.plain(request, API_VERSION, "TokenRequest");
        JsonNode spec = asked.path("spec");
        String name = request.info().name();
        CachedObject account = latest(request.kind(), request.namespace(), name);
        checkName(request, asked);
        long seconds = seconds(spec, name);
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        TokenClaims claims = claims(request, account, spec, now, now.plusSeconds(seconds));
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("kind", "TokenRequest").put("apiVersion", API_VERSION);
        answer.putObject("metadata")
                .put("name", name)
                .put("namespace", request.namespace())
                .put("creationTimestamp", now.toString());
        ObjectNode echoed = answer.putObject("spec");
        claims.audiences().forEach(echoed.putArray("audiences")::add);
        echoed.put("expirationSeconds", seconds);
        echoed.set("boundObjectRef", spec.path("boundObjectRef").isObject() ? spec.path("boundObjectRef") : null);
        answer.putObject("status")
                .put("token", tokens.issue(claims))
                .put("expirationTimestamp", claims.expiresAt().toString());
        return Reply.json(201, answer);
    }

    private TokenClaims claims(
            ApiRequest request, CachedObject account, JsonNode spec, Instant now, Instant expiresAt) {
        List<String> audiences = new ArrayList<>();
        spec.path("audiences").forEach(each -> audiences.add(each.asText()));
        if (audiences.isEmpty()) {
            audiences.add(tokens.issuer());
        }
        JsonNode ref = spec.path("boundObjectRef");
        String kind = ref.path("kind").asText("");
        Optional<CachedObject> object =
                ref.isObject() ? Optional.of(boundObject(request, ref, kind)) : Optional.empty();
        Optional<Bound> bound = object.map(found -> new Bound(found.key().name(), found.uid()));
        Optional<Bound> node =
                kind.equals("Pod") ? nodeOf(object.orElseThrow()) : bound.filter(_ -> kind.equals("Node"));
        return new TokenClaims(
                tokens.issuer(),
                audiences,
                now,
                expiresAt,
                UUID.randomUUID().toString(),
                request.namespace(),
                new Bound(account.key().name(), account.uid()),
                bound.filter(_ -> kind.equals("Pod")),
                bound.filter(_ -> kind.equals("Secret")),
                node);
    }

    private CachedObject boundObject(ApiRequest request, JsonNode ref, String kind) {
        String plural =
                switch (kind) {
                    case "Pod" -> "pods";
                    case "Secret" -> "secrets";
                    case "Node" -> "nodes";
                    default ->
                        throw ApiFailure.badRequest(
                                "cannot bind token to object of type %s; supported are v1 Pod, Secret and Node"
                                        .formatted(kind));
                };
        ResourceDefinition definition = registry.require("", plural);
        String name = ref.path("name").asText("");
        CachedObject object = latest(definition, definition.namespaced() ? request.namespace() : "", name);
        String uid = ref.path("uid").asText("");
        if (!uid.isEmpty() && !uid.equals(object.uid())) {
            throw ApiFailure.conflict(
                    definition,
                    name,
                    "the UID in the bound object reference (%s) does not match the UID in record. The object might have been deleted and then recreated"
                            .formatted(uid));
        }
        String account = object.tree().path("spec").path("serviceAccountName").asText("");
        if (kind.equals("Pod") && !account.equals(request.info().name())) {
            throw ApiFailure.badRequest(
                    "cannot bind token for serviceaccount \"%s\" to pod running with different serviceaccount name."
                            .formatted(request.info().name()));
        }
        return object;
    }

    private Optional<Bound> nodeOf(CachedObject pod) {
        String name = pod.tree().path("spec").path("nodeName").asText("");
        return name.isEmpty()
                ? Optional.empty()
                : Optional.of(new Bound(
                        name,
                        reads.cached(registry.require("", "nodes"), "", name)
                                .map(CachedObject::uid)
                                .orElse("")));
    }

    /** From memory when it is there: a pod that starts must not wait for the database. */
    private CachedObject latest(ResourceDefinition kind, String namespace, String name) {
        return reads.cached(kind, namespace, name).orElseGet(() -> reads.requireLatest(kind, namespace, name));
    }

    private static void checkName(ApiRequest request, ObjectNode asked) {
        String name = Meta.name(asked);
        if (!name.isEmpty() && !name.equals(request.info().name())) {
            throw ApiFailure.badRequest("the name of the object (%s) does not match the name on the URL (%s)"
                    .formatted(name, request.info().name()));
        }
    }

    private static long seconds(JsonNode spec, String name) {
        JsonNode given = spec.path("expirationSeconds");
        long seconds = given.isMissingNode() || given.isNull() ? USUAL : given.asLong(0);
        String problem = seconds < SHORTEST
                ? "may not specify a duration less than 10 minutes"
                : seconds > LONGEST ? "may not specify a duration larger than 2^32 seconds" : "";
        if (!problem.isEmpty()) {
            throw ApiFailure.invalid(
                    SHOWN, name, List.of(FieldError.invalid("spec.expirationSeconds", given.toString(), problem)));
        }
        return seconds;
    }
}
