package dev.keelson.apiserver.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.PfxOptions;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Requests over HTTP/2 of whose answers nothing is read but the head, so that the server may send no more than a window. */
final class UnreadStreams implements AutoCloseable {
    private static final int CONNECTIONS = 20;

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client;

    /** @param window how much of an answer the server may send unasked (RFC 9113, SETTINGS_INITIAL_WINDOW_SIZE) */
    UnreadStreams(int window) {
        HttpClientOptions options = new HttpClientOptions()
                .setSsl(true)
                .setUseAlpn(true)
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setInitialSettings(new Http2Settings().setInitialWindowSize(window))
                .setKeyCertOptions(store("admin"))
                .setTrustOptions(store("ca"))
                .setDefaultHost("localhost")
                .setDefaultPort(ServerUnderTest.port());
        client = vertx.createHttpClient(options, new PoolOptions().setHttp2MaxSize(CONNECTIONS));
    }

    private static PfxOptions store(String name) {
        return new PfxOptions()
                .setPath(ServerUnderTest.pki().resolve(name + ".p12").toString())
                .setPassword(TestPki.PASSWORD);
    }

    void open(String path) {
        HttpClientResponse answer = join(client.request(HttpMethod.GET, path).compose(request -> {
            Future<HttpClientResponse> head = request.response().onSuccess(UnreadStreams::leave);
            return request.send().compose(sent -> head);
        }));
        if (answer.statusCode() != 200 || answer.version() != HttpVersion.HTTP_2) {
            throw new AssertionError(path + " was answered " + answer.statusCode() + " over " + answer.version());
        }
    }

    private static void leave(HttpClientResponse answer) {
        answer.pause();
        answer.exceptionHandler(hungUp -> {
            // Nobody reads that the watch has ended either.
        });
    }

    private static <T> T join(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("the server does not answer", e);
        }
    }

    @Override
    public void close() {
        join(vertx.close());
    }
}
