package dev.keelson.bench.store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.nio.charset.StandardCharsets;

/**
 * Bare puts to etcd by its own protocol: {@code etcdserverpb.KV/Put} of the v3 API as gRPC over HTTP/2 without TLS. That
 * is what a Kubernetes API server would do below everything else that it does.
 */
final class EtcdStore implements Store {
    /** As large as the stored form of what is sent to Keelson. */
    static final int PUT_BYTES = VALUE_BYTES + 200;

    private static final byte[] VALUE = "x".repeat(PUT_BYTES).getBytes(StandardCharsets.US_ASCII);

    private final HttpClient http;

    EtcdStore(Vertx vertx, int port, Connections connections) {
        this.http = vertx.createHttpClient(
                new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setHttp2ClearTextUpgrade(false)
                        .setHttp2MultiplexingLimit(connections.requests())
                        .setDefaultHost("127.0.0.1")
                        .setDefaultPort(port),
                connections.pool());
    }

    @Override
    public String name() {
        return "etcd";
    }

    @Override
    public Future<Void> put(int client, long number) {
        return http.request(HttpMethod.POST, "/etcdserverpb.KV/Put")
                .compose(request -> request.putHeader("content-type", "application/grpc")
                        .putHeader("te", "trailers")
                        .send(message("bench/" + client)))
                .compose(EtcdStore::accepted);
    }

    private static Future<Void> accepted(HttpClientResponse answer) {
        return answer.body().compose(body -> {
            String status = answer.getTrailer("grpc-status");
            return "0".equals(status)
                    ? Future.succeededFuture()
                    : Future.failedFuture("etcd answered %d, grpc-status %s: %s"
                            .formatted(answer.statusCode(), status, answer.getTrailer("grpc-message")));
        });
    }

    /** A gRPC frame with a PutRequest: field 1 the key, field 2 the value. */
    private static Buffer message(String key) {
        byte[] name = key.getBytes(StandardCharsets.US_ASCII);
        Buffer request = Buffer.buffer();
        field(request, 1, name);
        field(request, 2, VALUE);
        return Buffer.buffer().appendByte((byte) 0).appendInt(request.length()).appendBuffer(request);
    }

    private static void field(Buffer message, int number, byte[] bytes) {
        message.appendByte((byte) (number << 3 | 2));
        int length = bytes.length;
        while (length > 0x7f) {
            message.appendByte((byte) (length & 0x7f | 0x80));
            length >>>= 7;
        }
        message.appendByte((byte) length).appendBytes(bytes);
    }
}
