package dev.keelson.bench.store;

import dev.keelson.bench.Target;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.util.concurrent.TimeUnit;

/** A client that opens watches and reads nothing of them but their head. */
interface UnreadWatches {
    int CONNECT_MILLIS = 120_000;

    String name();

    Future<Void> open(String path);

    void close();

    /** Each on a connection of its own. */
    static UnreadWatches overHttp1(Vertx vertx, Target target) {
        return new Connections(vertx, target);
    }

    /** As many on a connection as the server lets a client have; nothing is sent that would let it send more. */
    static UnreadWatches overHttp2(Vertx vertx, Target target) {
        return new Streams(vertx, target);
    }

    private static void identify(ClientOptionsBase options, Target target) {
        var config = target.config();
        // Handshakes of thousands take their time: that is not what is measured.
        options.setConnectTimeout(CONNECT_MILLIS);
        options.setSslHandshakeTimeout(CONNECT_MILLIS).setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
        options.setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertPath(config.clientCertificate().toString())
                        .setKeyPath(config.clientKey().toString()));
    }

    private static PemTrustOptions trust(Target target) {
        return new PemTrustOptions()
                .addCertPath(target.config().certificateAuthority().toString());
    }

    /** HTTP/1.1 as bytes: a general client would read ahead. */
    final class Connections implements UnreadWatches {
        private final NetClient client;
        private final int port;

        private Connections(Vertx vertx, Target target) {
            NetClientOptions options = new NetClientOptions();
            identify(options, target);
            options.setTrustOptions(trust(target))
                    .setHostnameVerificationAlgorithm("HTTPS")
                    .setReceiveBufferSize(4096);
            this.client = vertx.createNetClient(options);
            this.port = target.port();
        }

        @Override
        public String name() {
            return "HTTP/1.1";
        }

        @Override
        public Future<Void> open(String path) {
            return client.connect(port, "127.0.0.1").compose(socket -> begin(socket, path));
        }

        private Future<Void> begin(NetSocket socket, String path) {
            Promise<Void> begun = Promise.promise();
            socket.handler(bytes -> {
                socket.pause();
                if (bytes.toString().startsWith("HTTP/1.1 200")) {
                    begun.tryComplete();
                } else {
                    begun.tryFail("%s was answered: %s".formatted(path, bytes));
                }
            });
            socket.closeHandler(closed -> begun.tryFail("the server closed the connection"));
            socket.write("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n\r\n");
            return begun.future();
        }

        @Override
        public void close() {
            client.close();
        }
    }

    /** HTTP/2 (RFC 9113) with its flow control. */
    final class Streams implements UnreadWatches {
        private static final int MOST_CONNECTIONS = 10_000;
        private final HttpClient client;

        private Streams(Vertx vertx, Target target) {
            HttpClientOptions options = new HttpClientOptions();
            identify(options, target);
            options.setTrustOptions(trust(target))
                    .setUseAlpn(true)
                    .setProtocolVersion(HttpVersion.HTTP_2)
                    .setDefaultHost("127.0.0.1")
                    .setDefaultPort(target.port());
            this.client = vertx.createHttpClient(
                    options, new PoolOptions().setHttp2MaxSize(MOST_CONNECTIONS).setMaxWaitQueueSize(-1));
        }

        @Override
        public String name() {
            return "HTTP/2";
        }

        @Override
        public Future<Void> open(String path) {
            return client.request(HttpMethod.GET, path)
                    .compose(request -> {
                        request.response().onSuccess(answer -> answer.pause());
                        return request.send();
                    })
                    .compose(answer -> answer.statusCode() == 200 && answer.version() == HttpVersion.HTTP_2
                            ? Future.succeededFuture()
                            : Future.failedFuture("%s was answered %d over %s"
                                    .formatted(path, answer.statusCode(), answer.version())));
        }

        @Override
        public void close() {
            client.close();
        }
    }
}
