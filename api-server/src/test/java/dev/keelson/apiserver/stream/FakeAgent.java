package dev.keelson.apiserver.stream;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A node agent's HTTPS API as far as the API server uses it; remembers what it was asked. */
final class FakeAgent implements AutoCloseable {
    final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
    /** Followed logs that are open, for a test to write to. */
    final BlockingQueue<HttpServerResponse> followed = new LinkedBlockingQueue<>();
    /** Followed logs whose reader has gone. */
    final BlockingQueue<String> abandoned = new LinkedBlockingQueue<>();

    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;

    FakeAgent(Path pki) {
        HttpServerOptions options = new HttpServerOptions()
                .setSsl(true)
                .setClientAuth(ClientAuth.REQUIRED)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertPath(pki.resolve("node.crt").toString())
                        .setKeyPath(pki.resolve("node.key").toString()))
                .setTrustOptions(
                        new PemTrustOptions().addCertPath(pki.resolve("ca.crt").toString()))
                .setWebSocketSubProtocols(List.of("v5.channel.k8s.io", "binary.k8s.io"));
        server = vertx.createHttpServer(options)
                .requestHandler(this::answer)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    int port() {
        return server.actualPort();
    }

    private void answer(HttpServerRequest request) {
        asked.add(request.method() + " " + request.uri());
        String path = request.path();
        if (path.startsWith("/exec/") && "SPDY/3.1".equals(request.getHeader("Upgrade"))) {
            request.response()
                    .setStatusCode(101)
                    .putHeader("Connection", "Upgrade")
                    .putHeader("Upgrade", "SPDY/3.1")
                    .putHeader("X-Stream-Protocol-Version", request.getHeader("X-Stream-Protocol-Version"));
            request.toNetSocket().onSuccess(socket -> socket.pipeTo(socket));
        } else if (path.startsWith("/exec/")) {
            request.toWebSocket().onSuccess(FakeAgent::echo);
        } else if (path.startsWith("/attach/")) {
            request.response().setStatusCode(404).end("container \"c\" in pod \"p\" is not running\n");
        } else if (path.startsWith("/containerLogs/") && request.getHeader("Upgrade") != null) {
            request.toWebSocket().onSuccess(socket -> socket.writeBinaryMessage(Buffer.buffer("one\ntwo\n")));
        } else if (path.startsWith("/containerLogs/")) {
            log(request);
        } else {
            upload(request);
        }
    }

    private void log(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        if ("true".equals(request.getParam("previous"))) {
            response.setStatusCode(400).end("previous terminated container \"c\" in pod \"p\" not found\n");
        } else if ("true".equals(request.getParam("follow"))) {
            response.setChunked(true).closeHandler(gone -> abandoned.add(request.uri()));
            response.write("first\n");
            followed.add(response);
        } else {
            response.end("one\ntwo\n");
        }
    }

    /** Counts a body without keeping it, as an image load would. */
    private static void upload(HttpServerRequest request) {
        long[] size = {0};
        request.handler(chunk -> size[0] += chunk.length());
        String framing = request.headers().contains("Transfer-Encoding") ? " in chunks" : "";
        request.endHandler(end -> request.response().end("received " + size[0] + framing));
    }

    private static void echo(ServerWebSocket socket) {
        socket.binaryMessageHandler(bytes -> socket.writeBinaryMessage(
                Buffer.buffer(new byte[] {1}).appendBuffer(bytes.getBuffer(1, bytes.length()))));
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
