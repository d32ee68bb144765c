package dev.keelson.controllers.cleanup;

import dev.keelson.controllers.objects.Times;
import dev.keelson.controllers.runtime.Controller;
import dev.keelson.controllers.runtime.ControllerContext;
import dev.keelson.controllers.runtime.Outcome;
import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.client.DeleteOptions;
import dev.keelson.crds.client.ListOptions;
import dev.keelson.crds.client.ObjectKey;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Deletes bootstrap tokens that have ended (Kubernetes' {@code tokencleaner}). The server refuses them from that moment
 * anyway, so that they are listed now and then is enough.
 */
public final class TokenCleaner implements Controller<ObjectKey> {
    private static final Duration PERIOD = Duration.ofMinutes(1);
    private static final String NAMESPACE = "kube-system";
    private static final String TYPE = "bootstrap.kubernetes.io/token";
    private static final ObjectKey ALL = new ObjectKey("", "all");

    private final ControllerContext context;

    public TokenCleaner(ControllerContext context) {
        this.context = context;
    }

    @Override
    public String name() {
        return "tokencleaner";
    }

    @Override
    public void watch(Consumer<ObjectKey> enqueue) {
        enqueue.accept(ALL);
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        Instant now = context.clock().instant();
        context.client().list(ResourceType.SECRETS, NAMESPACE, ListOptions.fields("type=" + TYPE)).items().stream()
                .filter(secret -> TYPE.equals(secret.getType()) && ended(secret, now))
                .forEach(this::delete);
        return Outcome.after(PERIOD);
    }

    /** One without an expiration never ends; one whose expiration cannot be read has, so that it does not live for ever. */
    private static boolean ended(Secret secret, Instant now) {
        return Optional.ofNullable(secret.getData()).orElse(Map.of()).entrySet().stream()
                .filter(entry -> entry.getKey().equals("expiration"))
                .anyMatch(entry -> !moment(entry.getValue()).isAfter(now));
    }

    private static Instant moment(String base64) {
        try {
            String text = new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
            return Times.parse(text).orElse(Instant.MIN);
        } catch (IllegalArgumentException | DateTimeParseException unreadable) {
            return Instant.MIN;
        }
    }

    private void delete(Secret token) {
        try {
            context.client()
                    .delete(
                            ResourceType.SECRETS,
                            NAMESPACE,
                            token.getMetadata().getName(),
                            DeleteOptions.BACKGROUND.withUid(token.getMetadata().getUid()));
        } catch (ApiException refused) {
            if (refused.kind() != ApiException.Kind.NOT_FOUND && refused.kind() != ApiException.Kind.CONFLICT) {
                throw refused;
            }
        }
    }
}
