package dev.keelson.apiserver.http;

import dev.keelson.apiserver.http.request.Exchange;
import dev.keelson.apiserver.http.request.RequestInfo;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.StatusDetails;
import dev.keelson.apiserver.registry.StatusReason;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Refuses requests beyond what the server can work on at once, instead of letting all of them become slow. Long-running
 * requests do not count. The limits are those of kube-apiserver's {@code --max-requests-inflight} family.
 */
final class FlowControl implements Filter {
    private static final int MOST_READS = 400;
    private static final int MOST_WRITES = 200;
    private static final Set<String> READS = Set.of("get", "list");
    private static final Set<String> LONG = Set.of("log", "exec", "attach", "portforward", "proxy");

    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicInteger writes = new AtomicInteger();

    @Override
    public void filter(Exchange exchange, Runnable next) {
        RequestInfo info = exchange.info();
        if (!info.isResource() || info.verb().equals("watch") || LONG.contains(info.subresource())) {
            next.run();
            return;
        }
        boolean read = READS.contains(info.verb());
        AtomicInteger running = read ? reads : writes;
        int limit = read ? MOST_READS : MOST_WRITES;
        if (running.incrementAndGet() > limit) {
            running.decrementAndGet();
            throw new ApiFailure(
                    StatusReason.TOO_MANY_REQUESTS,
                    "too many requests at once, please try again later",
                    StatusDetails.NONE.withRetryAfter(1));
        }
        // A client that reads a long list slowly is no work.
        exchange.onAnswer(running::decrementAndGet);
        next.run();
    }
}
