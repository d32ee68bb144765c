package dev.keelson.node.objects;

import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.client.TokenRequest;
import dev.keelson.node.NodeException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The tokens of this node's pods. One is asked for once and given out until 80 % of its life, or a day, are over (the
 * kubelet's token manager); then the pod is told, and whoever asks next gets the next one. An old token stays in use
 * while the API server is away and it is good, and the pod is told again every minute.
 */
final class AccountTokens {
    private static final int RENEW_AT_PERCENT = 80;
    private static final Duration LONGEST_USE = Duration.ofHours(24);
    private static final Duration RETRY = Duration.ofMinutes(1);

    private final Function<TokenRequest, TokenRequest.Issued> issuer;
    private final Clock clock;
    private final Consumer<String> onDue;
    private final BiConsumer<Duration, Runnable> later;
    private final Map<TokenRequest, Held> tokens = new ConcurrentHashMap<>();

    /**
     * @param issuer asks the API server
     * @param onDue told the uid of a pod when a token of it should be replaced
     * @param later runs something once a time has passed, never before
     */
    AccountTokens(
            Function<TokenRequest, TokenRequest.Issued> issuer,
            Clock clock,
            Consumer<String> onDue,
            BiConsumer<Duration, Runnable> later) {
        this.issuer = issuer;
        this.clock = clock;
        this.onDue = onDue;
        this.later = later;
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
            Duration most = life.multipliedBy(RENEW_AT_PERCENT).dividedBy(100);
            return hold(wanted, issued, now, most.compareTo(LONGEST_USE) < 0 ? most : LONGEST_USE);
        } catch (ApiException failure) {
            if (held != null && now.isBefore(held.issued().expiresAt())) {
                return hold(wanted, held.issued(), now, RETRY);
            }
            throw new NodeException(
                    NodeException.Kind.TRANSIENT,
                    "FailedMount",
                    "cannot get a token of service account \"%s/%s\": %s"
                            .formatted(wanted.namespace(), wanted.account(), failure.getMessage()),
                    failure);
        }
    }

    /** @param now before the waiting begins: whoever is told must find the token due */
    private Held hold(TokenRequest wanted, TokenRequest.Issued issued, Instant now, Duration wait) {
        later.accept(wait, () -> tell(wanted));
        return new Held(issued, now.plus(wait));
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
