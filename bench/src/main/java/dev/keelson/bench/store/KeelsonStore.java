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
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;

/** ConfigMaps of the measured cluster over HTTPS: admission, validation, managed fields, group commit and all. */
final class KeelsonStore implements Store {
    private static final String PADDING = "x".repeat(VALUE_BYTES);

    private final HttpClient http;

    /** With up to so many connections of HTTP/1.1. */
    KeelsonStore(Vertx vertx, Target target, int connections) {
        this.http = client(vertx, target, connections);
    }

    /** Over HTTP/2 where the connections are shared, over HTTP/1.1 where each client has one. */
    KeelsonStore(Vertx vertx, Target target, Connections connections) {
        boolean shared = connections.requests() > 1;
        this.http = vertx.createHttpClient(
                options(target)
                        .setUseAlpn(shared)
                        .setProtocolVersion(shared ? HttpVersion.HTTP_2 : HttpVersion.HTTP_1_1)
                        .setHttp2MultiplexingLimit(connections.requests()),
                connections.pool());
    }

    static HttpClient client(Vertx vertx, Target target, int connections) {
        return vertx.createHttpClient(options(target), new PoolOptions().setHttp1MaxSize(connections));
    }

    private static HttpClientOptions options(Target target) {
        var config = target.config();
        return new HttpClientOptions()
                .setDefaultHost("127.0.0.1")
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
            String name = objectName(i);
            send(http, HttpMethod.POST, "/api/v1/namespaces/default/configmaps", body(name, 0))
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
        String name = objectName(client);
        return send(http, HttpMethod.PUT, "/api/v1/namespaces/default/configmaps/" + name, body(name, number))
                .mapEmpty();
    }

    private static String objectName(int client) {
        return "store-" + client;
    }

    private static Buffer body(String name, long number) {
        return Buffer.buffer("""
                {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"%s","namespace":"default"},\
                "data":{"number":"%d","padding":"%s"}}""".formatted(name, number, PADDING));
    }
}
