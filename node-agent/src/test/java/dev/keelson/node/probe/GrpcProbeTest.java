package dev.keelson.node.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The probe against a health server over a real HTTP/2 stack. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GrpcProbeTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int NOT_FOUND = 5;
    private static final int UNIMPLEMENTED = 12;

    private final Vertx vertx = Vertx.vertx();
    private HttpServer server;

    @BeforeAll
    void start() throws Exception {
        server = vertx.createHttpServer()
                .requestHandler(GrpcProbeTest::serve)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    @AfterAll
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    /** grpc.health.v1.Health/Check; the service's name decides the answer. */
    private static void serve(HttpServerRequest request) {
        boolean grpc = request.version() == HttpVersion.HTTP_2
                && request.path().equals("/grpc.health.v1.Health/Check")
                && "application/grpc".equals(request.getHeader("content-type"))
                && "trailers".equals(request.getHeader("te"));
        request.response().putHeader("content-type", "application/grpc");
        if (!grpc) {
            refuse(request, UNIMPLEMENTED);
            return;
        }
        request.body().onSuccess(body -> {
            String service = body.length() <= 7 ? "" : body.getString(7, body.length(), StandardCharsets.UTF_8.name());
            switch (service) {
                case "", "shop.Cart" -> answer(request, 1);
                case "shop.Sick" -> answer(request, 2);
                case "shop.Silent" -> {
                    // Never answered.
                }
                default -> refuse(request, NOT_FOUND);
            }
        });
    }

    /** Headers, the message in two pieces, trailers. */
    private static void answer(HttpServerRequest request, int status) {
        request.response().putTrailer("grpc-status", "0");
        request.response().setChunked(true).write(Buffer.buffer(new byte[] {0, 0, 0}));
        request.response().end(Buffer.buffer(new byte[] {0, 2, 8, (byte) status}));
    }

    private static void refuse(HttpServerRequest request, int status) {
        request.response().putHeader("grpc-status", String.valueOf(status)).end();
    }

    private ProbeOutcome ask(String service) throws IOException {
        return ask(service, server.actualPort(), TIMEOUT);
    }

    private static ProbeOutcome ask(String service, int port, Duration timeout) throws IOException {
        return GrpcProbe.check(new ProbeSpec.Check.Grpc(port, service), "127.0.0.1", timeout);
    }

    @Test
    void servingPasses() throws IOException {
        assertThat(ask("").success()).isTrue();
        assertThat(ask("shop.Cart").success()).isTrue();
    }

    @Test
    void notServingFailsAndSaysSo() throws IOException {
        ProbeOutcome sick = ask("shop.Sick");
        assertThat(sick.success()).isFalse();
        assertThat(sick.message()).contains("responded with 2");
    }

    @Test
    void unknownServiceFails() throws IOException {
        assertThat(ask("shop.Unknown").success()).isFalse();
    }

    @Test
    void serverThatDoesNotAnswerIsGivenUpInTime() {
        long start = System.nanoTime();
        assertThatThrownBy(() -> ask("shop.Silent", server.actualPort(), Duration.ofMillis(300)))
                .isInstanceOf(SocketTimeoutException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void nobodyThereFails() {
        assertThatThrownBy(() -> ask("", 1, TIMEOUT))
                .hasMessageContaining("failed to connect service \"127.0.0.1:1\"")
                .hasCauseInstanceOf(ConnectException.class);
    }

    @Test
    void manyAtOnceAreAnsweredEach() throws Exception {
        try (var threads = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
            var asked = java.util.stream.IntStream.range(0, 64)
                    .mapToObj(i -> threads.submit(
                            () -> ask(i % 2 == 0 ? "shop.Cart" : "shop.Sick").success()))
                    .toList();
            for (int i = 0; i < asked.size(); i++) {
                assertThat(asked.get(i).get(10, TimeUnit.SECONDS)).isEqualTo(i % 2 == 0);
            }
        }
    }
}
