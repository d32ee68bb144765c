package dev.keelson.node.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RoutesTest {
    private final Vertx vertx = Vertx.vertx();
    private final BlockingQueue<String> arrivals = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void anUpgradeIsAcceptedOnTheLoopOfItsConnection() throws Exception {
        Router router = Router.router(vertx);
        router.route().handler(this::upgrade);
        HttpServer server = vertx.createHttpServer()
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get();

        for (int i = 0; i < 20; i++) {
            assertThat(asked(server.actualPort())).startsWith("HTTP/1.1 200 ");
            String arrived = arrivals.take();
            assertThat(arrivals.take()).isEqualTo(arrived);
        }
    }

    private void upgrade(RoutingContext context) {
        arrivals.add(Thread.currentThread().getName());
        Routes.upgrading(context, () -> () -> {
            arrivals.add(Thread.currentThread().getName());
            context.response().end();
        });
    }

    private static String asked(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
