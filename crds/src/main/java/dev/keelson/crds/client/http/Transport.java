package dev.keelson.crds.client.http;

import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.client.ClientConfig;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One pooled HTTP client whose certificates follow their files: after a rotation new requests use the new identity,
 * and what is under way ends on the old connection.
 */
final class Transport implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Transport.class.getName());
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

    private final ClientConfig config;
    private final Duration rotationCheck;
    private HttpClient current;
    private List<FileTime> fingerprint;
    private long nextCheck;

    /**
     * @param rotationCheck how often the files are looked at; between looks a request costs no system calls for it
     */
    Transport(ClientConfig config, Duration rotationCheck) {
        this.config = config;
        this.rotationCheck = rotationCheck;
        this.fingerprint = fingerprintIfTls();
        this.current = open();
        this.nextCheck = System.nanoTime() + rotationCheck.toNanos();
    }

    /** Sends and waits at most {@code limit} for what the body handler makes of the answer. */
    <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler, Duration limit) {
        CompletableFuture<HttpResponse<T>> answer = client().sendAsync(request, handler);
        try {
            return answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException stopped) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw transientFailure(request, "interrupted", stopped);
        } catch (TimeoutException late) {
            answer.cancel(true);
            throw transientFailure(request, "no answer within " + limit.toSeconds() + " s", late);
        } catch (ExecutionException failed) {
            throw transientFailure(request, describe(failed.getCause()), failed.getCause());
        }
    }

    private static ApiException transientFailure(HttpRequest request, String why, Throwable cause) {
        return new ApiException(
                ApiException.Kind.TRANSIENT, "%s %s: %s".formatted(request.method(), request.uri(), why), cause);
    }

    private static String describe(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private synchronized HttpClient client() {
        long now = System.nanoTime();
        if (now - nextCheck > 0) {
            nextCheck = now + rotationCheck.toNanos();
            followRotation();
        }
        return current;
    }

    private void followRotation() {
        List<FileTime> seen = fingerprintIfTls();
        if (seen.equals(fingerprint)) {
            return;
        }
        try {
            HttpClient renewed = open();
            current.shutdown();
            current = renewed;
            fingerprint = seen;
            LOG.log(System.Logger.Level.INFO, "reloaded client certificate server=" + config.server());
        } catch (ApiException halfWritten) {
            // The old identity still works; the files are read again at the next look.
            LOG.log(System.Logger.Level.WARNING, "cannot reload client certificate cause=" + halfWritten.getMessage());
        }
    }

    private List<FileTime> fingerprintIfTls() {
        return isTls() ? TlsIdentity.fingerprint(config) : List.of();
    }

    private boolean isTls() {
        return "https".equals(config.server().getScheme());
    }

    private HttpClient open() {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .connectTimeout(CONNECT_LIMIT)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                // Without TLS there is no ALPN, and an upgrade attempt on every new connection buys nothing.
                .version(isTls() ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1);
        if (isTls()) {
            builder.sslContext(TlsIdentity.context(config));
        }
        return builder.build();
    }

    @Override
    public synchronized void close() {
        current.shutdownNow();
    }
}
