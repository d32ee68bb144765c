package dev.keelson.apiserver.http.reply;

import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** The last step of an answer: compression, headers, bytes. */
public final class ReplyEncoding {
    /** Smaller answers go out faster as they are; Kubernetes' own threshold. */
    private static final int WORTH_COMPRESSING = 128 * 1024;

    private ReplyEncoding() {}

    public static Reply encode(Reply reply, String acceptEncoding) {
        boolean done = reply.headers().containsKey("Content-Encoding");
        boolean small = reply.body() instanceof Body.Whole whole && whole.bytes().length < WORTH_COMPRESSING;
        if (done || small || !acceptEncoding.contains("gzip")) {
            return reply;
        }
        return reply.withBody(reply.body().through(FastGzip::new))
                .withHeader("Content-Encoding", "gzip")
                .withHeader("Vary", "Accept-Encoding");
    }

    /** Sends a whole answer. */
    // The other ways to make a buffer copy the bytes.
    @SuppressWarnings("deprecation")
    public static void send(HttpServerResponse response, Reply reply, byte[] body, HttpMethod method) {
        if (!open(response)) {
            return;
        }
        head(response, reply);
        if (method == HttpMethod.HEAD) {
            response.putHeader("Content-Length", Integer.toString(body.length));
            response.end();
        } else {
            response.end(Buffer.buffer(Unpooled.wrappedBuffer(body)));
        }
    }

    /** Whether an answer can still begin. */
    static boolean open(HttpServerResponse response) {
        return !response.ended() && !response.closed() && !response.headWritten();
    }

    /** Puts everything before the body into the response. */
    static void head(HttpServerResponse response, Reply reply) {
        response.setStatusCode(reply.code())
                .putHeader("Content-Type", reply.contentType())
                .putHeader("Cache-Control", "no-cache, private");
        reply.headers().forEach(response::putHeader);
        WarningHeaders.of(reply.warnings())
                .forEach(warning -> response.headers().add("Warning", warning));
    }

    /** Level 1, as Kubernetes: lists are repetitive, so more effort buys little. */
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, 8 * 1024);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
