package dev.keelson.controllers.certificates;

import dev.keelson.controllers.objects.OtherKinds;
import dev.keelson.controllers.runtime.Controller;
import dev.keelson.controllers.runtime.ControllerContext;
import dev.keelson.controllers.runtime.Outcome;
import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.client.InformerCache;
import dev.keelson.crds.client.ObjectKey;
import dev.keelson.crds.client.ResourceHandler;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Gives approved CertificateSigningRequests their certificate, for the signers that Kubernetes itself has. */
public final class SigningRequestController implements Controller<ObjectKey> {
    private static final Duration LONGEST = Duration.ofDays(365);

    private final ControllerContext context;
    private final CertificateIssuer issuer;
    private final InformerCache<GenericKubernetesResource> requests;

    public SigningRequestController(ControllerContext context, AuthorityFiles authority) {
        this.context = context;
        this.issuer = new CertificateIssuer(authority.certificate(), authority.key());
        this.requests = context.informers().cache(OtherKinds.SIGNING_REQUESTS);
    }

    @Override
    public String name() {
        return "certificatesigning";
    }

    @Override
    public void watch(Consumer<ObjectKey> enqueue) {
        requests.addHandler(new ResourceHandler<>() {
            @Override
            public void onAdd(GenericKubernetesResource request) {
                enqueue.accept(ObjectKey.of(request));
            }

            @Override
            public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource after) {
                onAdd(after);
            }
        });
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        // Asked of the server: the cache holds no contents.
        live(key).ifPresent(this::decide);
        return Outcome.DONE;
    }

    private Optional<GenericKubernetesResource> live(ObjectKey key) {
        try {
            return Optional.of(context.client().get(OtherKinds.SIGNING_REQUESTS, "", key.name()));
        } catch (ApiException gone) {
            if (gone.kind() == ApiException.Kind.NOT_FOUND) {
                return Optional.empty();
            }
            throw gone;
        }
    }

    private void decide(GenericKubernetesResource object) {
        Optional<RequestReader.Parsed> parsed =
                RequestReader.read(text(object.get("spec", "request")), usages(object), lifetime(object));
        SigningPlanner.Request request = new SigningPlanner.Request(
                text(object.get("spec", "signerName")),
                conditions(object).stream()
                        .map(condition -> text(condition.get("type")))
                        .toList(),
                !text(object.get("status", "certificate")).isEmpty(),
                parsed.map(RequestReader.Parsed::profile));
        switch (SigningPlanner.plan(request)) {
            case SigningPlan.Leave() -> {}
            case SigningPlan.Sign(Profile profile) ->
                issued(object, issuer.issue(parsed.orElseThrow().request(), profile, now()));
            case SigningPlan.Refuse(String reason, String message) -> failed(object, reason, message);
        }
    }

    private void issued(GenericKubernetesResource object, String pem) {
        String encoded = Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII));
        status(object).put("certificate", encoded);
        context.client().updateStatus(OtherKinds.SIGNING_REQUESTS, object);
    }

    private void failed(GenericKubernetesResource object, String reason, String message) {
        String now = now().toString();
        List<Object> all = new ArrayList<>(conditions(object));
        all.add(Map.of(
                "type", "Failed",
                "status", "True",
                "reason", reason,
                "message", message,
                "lastUpdateTime", now,
                "lastTransitionTime", now));
        status(object).put("conditions", all);
        context.client().updateStatus(OtherKinds.SIGNING_REQUESTS, object);
    }

    private Instant now() {
        return context.clock().instant().truncatedTo(ChronoUnit.SECONDS);
    }

    /** A copy of the status that may be changed, in the object's place for it. */
    private static Map<String, Object> status(GenericKubernetesResource object) {
        Map<String, Object> status = new HashMap<>();
        if (object.getAdditionalProperties().get("status") instanceof Map<?, ?> present) {
            present.forEach((field, value) -> status.put(String.valueOf(field), value));
        }
        object.setAdditionalProperty("status", status);
        return status;
    }

    private static List<Map<?, ?>> conditions(GenericKubernetesResource object) {
        List<Map<?, ?>> conditions = new ArrayList<>();
        if (object.get("status", "conditions") instanceof List<?> list) {
            for (Object item : list) {
                if (item instanceof Map<?, ?> condition) {
                    conditions.add(condition);
                }
            }
        }
        return conditions;
    }

    private static Set<String> usages(GenericKubernetesResource object) {
        Set<String> usages = new HashSet<>();
        if (object.get("spec", "usages") instanceof List<?> list) {
            list.forEach(usage -> usages.add(text(usage)));
        }
        return usages;
    }

    private static Duration lifetime(GenericKubernetesResource object) {
        Object seconds = object.get("spec", "expirationSeconds");
        Duration asked = seconds instanceof Number number ? Duration.ofSeconds(number.longValue()) : LONGEST;
        return asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
    }

    private static String text(Object value) {
        return value instanceof String text ? text : "";
    }
}
