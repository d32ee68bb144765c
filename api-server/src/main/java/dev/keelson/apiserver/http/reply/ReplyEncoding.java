package dev.keelson.apiserver.http.reply;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** The last step of an answer: compression, headers, bytes. */
public final class ReplyEncoding {
    /** Smaller answers go out faster as they are; Kubernetes' own threshold. */
    private static final int WORTH_COMPRESSING = 128 * 1024;

    private ReplyEncoding() {}

    public static Reply encode(Reply reply, String acceptEncoding) {
        boolean done = reply.headers().containsKey("Content-Encoding");
        if (done || reply.body().length < WORTH_COMPRESSING || !acceptEncoding.contains("gzip")) {
            return reply;
        }
        return new Reply(reply.code(), gzip(reply.body()), reply.contentType(), reply.warnings(), reply.headers())
                .withHeader("Content-Encoding", "gzip")
                .withHeader("Vary", "Accept-Encoding");
    }

    public static void send(HttpServerResponse response, Reply reply, HttpMethod method) {
        if (response.ended() || response.closed() || response.headWritten()) {
            return;
        }
        response.setStatusCode(reply.code())
                .putHeader("Content-Type", reply.contentType())
                .putHeader("Cache-Control", "no-cache, private");
        reply.headers().forEach(response::putHeader);
        WarningHeaders.of(reply.warnings())
                .forEach(warning -> response.headers().add("Warning", warning));
        if (method == HttpMethod.HEAD) {
            response.putHeader("Content-Length", Integer.toString(reply.body().length));
            response.end();
        } else {
            response.end(Buffer.buffer(reply.body()));
        }
    }

    private static byte[] gzip(byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length / 4);
        try (GZIPOutputStream gzip = new FastGzip(out)) {
            gzip.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return out.toByteArray();
    }

    /** Level 1, as Kubernetes: lists are repetitive, so more effort buys little. */
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(ByteArrayOutputStream out) throws IOException {
            super(out);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
