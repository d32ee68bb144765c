package dev.keelson.bench.store;

import dev.keelson.bench.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * ConfigMaps of the measured cluster over HTTPS: admission, validation, managed fields, group commit and all. Over HTTP/2
 * where the connections are shared, over HTTP/1.1 where each client has one.
 */
final class KeelsonStore implements Store {
    private static final String HOST = "127.0.0.1";
    private static final String PATH = "/api/v1/namespaces/default/configmaps";
    private static final Buffer PADDING = Buffer.buffer("\",\"padding\":\"" + "x".repeat(VALUE_BYTES) + "\"}}");

    private final HttpClient http;
    private final Puts puts;

    private interface Puts {
        Future<Void> put(int client, Buffer body);
    }

    KeelsonStore(Vertx vertx, Target target, Connections connections) {
        boolean shared = connections.requests() > 1;
        this.http = vertx.createHttpClient(
                options(target)
                        .setUseAlpn(shared)
                        .setProtocolVersion(shared ? HttpVersion.HTTP_2 : HttpVersion.HTTP_1_1)
                        .setHttp2MultiplexingLimit(connections.requests()),
                connections.pool());
        this.puts = shared ? this::putTogether : new OwnConnections(vertx, target);
    }

    static HttpClient client(Vertx vertx, Target target, int connections) {
        return vertx.createHttpClient(options(target), new PoolOptions().setHttp1MaxSize(connections));
    }

    private static HttpClientOptions options(Target target) {
        var config = target.config();
        return new HttpClientOptions()
                .setDefaultHost(HOST)
                .setDefaultPort(target.port())
                .setSsl(true)
                .setTrustOptions(new PemTrustOptions()
                        .addCertPath(config.certificateAuthority().toString()))
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertPath(config.clientCertificate().toString())
                        .setKeyPath(config.clientKey().toString()));
    }

    /** The body of an answer; fails unless it is 2xx. */
    static Future<Buffer> send(HttpClient http, HttpMethod method, String path, Buffer body) {
        return http.request(method, path)
                .compose(request ->
                        request.putHeader("content-type", "application/json").send(body))
                .compose(answer -> read(method, path, answer));
    }

    private static Future<Buffer> read(HttpMethod method, String path, HttpClientResponse answer) {
        return answer.body()
                .compose(body -> answer.statusCode() / 100 == 2
                        ? Future.succeededFuture(body)
                        : Future.failedFuture(
                                "%s %s answered %d: %s".formatted(method, path, answer.statusCode(), body)));
    }

    /** Makes the object of each client. */
    void prepare(int clients) {
        for (int i = 0; i < clients; i++) {
            send(http, HttpMethod.POST, PATH, body(objectName(i), 0))
                    .otherwiseEmpty()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        }
    }

    @Override
    public String name() {
        return "keelson";
    }

    @Override
    public Future<Void> put(int client, long number) {
        return puts.put(client, body(objectName(client), number));
    }

    private Future<Void> putTogether(int client, Buffer body) {
        return send(http, HttpMethod.PUT, PATH + "/" + objectName(client), body).mapEmpty();
    }

    private static String objectName(int client) {
        return "store-" + client;
    }

    private static Buffer body(String name, long number) {
        return Buffer.buffer(2 * VALUE_BYTES)
                .appendString("{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"" + name
                        + "\",\"namespace\":\"default\"},\"data\":{\"number\":\"" + number)
                .appendBuffer(PADDING);
    }

    /** Each client's is opened with its first put. */
    private static final class OwnConnections implements Puts {
        private final Map<Integer, Future<Http1Connection>> connections = new ConcurrentHashMap<>();
        private final NetClient net;
        private final int port;

        OwnConnections(Vertx vertx, Target target) {
            this.net = vertx.createNetClient(
                    new NetClientOptions(options(target)).setHostnameVerificationAlgorithm("HTTPS"));
            this.port = target.port();
        }

        @Override
        public Future<Void> put(int client, Buffer body) {
            Buffer request = Buffer.buffer(body.length() + 256)
                    .appendString("PUT " + PATH + "/" + objectName(client) + " HTTP/1.1\r\nHost: " + HOST
                            + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n")
                    .appendBuffer(body);
            return connections
                    .computeIfAbsent(client, first -> net.connect(port, HOST).map(Http1Connection::new))
                    .compose(connection -> connection.send(request));
        }
    }
}
