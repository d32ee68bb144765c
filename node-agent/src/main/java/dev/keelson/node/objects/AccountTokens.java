package dev.keelson.node.objects;

import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.client.TokenRequest;
import dev.keelson.node.NodeException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The tokens of this node's pods. One is asked for once and given out until 80 % of its life are over; then the pod is
 * told, and whoever asks next gets the next one. An old token stays in use while the API server is away and it is good.
 */
final class AccountTokens {
    private static final int RENEW_AT_PERCENT = 80;

    private final Function<TokenRequest, TokenRequest.Issued> issuer;
    private final Clock clock;
    private final Consumer<String> onDue;
    private final Executor waking;
    private final Map<TokenRequest, Held> tokens = new ConcurrentHashMap<>();

    /**
     * @param issuer asks the API server
     * @param onDue told the uid of a pod when a token of it should be replaced, on {@code waking}
     */
    AccountTokens(
            Function<TokenRequest, TokenRequest.Issued> issuer, Clock clock, Consumer<String> onDue, Executor waking) {
        this.issuer = issuer;
        this.clock = clock;
        this.onDue = onDue;
        this.waking = waking;
    }

    private record Held(TokenRequest.Issued issued, Instant dueAt) {}

    String token(TokenRequest wanted) {
        // Only callers for this very token wait for each other.
        return tokens.compute(wanted, (_, held) -> held == null || due(held) ? renewed(wanted, held) : held)
                .issued()
                .token();
    }

    private Held renewed(TokenRequest wanted, Held held) {
        Instant now = clock.instant();
        try {
            TokenRequest.Issued issued = issuer.apply(wanted);
            Duration life = Duration.between(now, issued.expiresAt());
            Duration wait = life.multipliedBy(RENEW_AT_PERCENT).dividedBy(100);
            CompletableFuture.delayedExecutor(wait.toMillis(), TimeUnit.MILLISECONDS, waking)
                    .execute(() -> tell(wanted));
            return new Held(issued, now.plus(wait));
        } catch (ApiException failure) {
            if (held != null && now.isBefore(held.issued().expiresAt())) {
                return held;
            }
            throw new NodeException(
                    NodeException.Kind.TRANSIENT,
                    "FailedMount",
                    "cannot get a token of service account \"%s/%s\": %s"
                            .formatted(wanted.namespace(), wanted.account(), failure.getMessage()),
                    failure);
        }
    }

    private void tell(TokenRequest wanted) {
        if (tokens.containsKey(wanted)) {
            onDue.accept(wanted.podUid());
        }
    }

    /** Changes when a token of the pod is due or was replaced. */
    String version(String podUid) {
        return tokens.entrySet().stream()
                .filter(entry -> entry.getKey().podUid().equals(podUid))
                .map(entry -> entry.getValue().dueAt() + (due(entry.getValue()) ? "!" : ""))
                .sorted()
                .collect(Collectors.joining(","));
    }

    void release(String podUid) {
        tokens.keySet().removeIf(wanted -> wanted.podUid().equals(podUid));
    }

    private boolean due(Held held) {
        return !clock.instant().isBefore(held.dueAt());
    }
}
