package dev.keelson.apiserver.http.reply;

import io.netty.buffer.Unpooled;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A body on its way to one client: one virtual thread makes it and waits while the client takes what is there. However long
 * the body, two pieces of memory carry it, over and over.
 */
public final class ReplyStream extends OutputStream {
    private static final Logger LOG = System.getLogger(ReplyStream.class.getName());
    private static final int PIECE = 64 * 1024;
    /** One is filled while the other is sent. */
    private static final int PIECES = 2;
    /** A client takes a piece at least this often; a list keeps old versions of its objects in memory for it. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Context context;
    private final HttpServerResponse response;
    private final BlockingQueue<byte[]> free = new ArrayBlockingQueue<>(PIECES);
    private byte[] piece = new byte[PIECE];
    private int filled;
    private volatile boolean gone;

    private ReplyStream(Context context, HttpServerResponse response) {
        this.context = context;
        this.response = response;
        for (int i = 1; i < PIECES; i++) {
            free.add(new byte[PIECE]);
        }
    }

    /** Sends an answer from its head to its end; returns when the client has it or is gone. */
    public static void send(
            Context context, HttpServerResponse response, Reply reply, Body.Written body, HttpMethod method) {
        ReplyStream stream = new ReplyStream(context, response);
        context.runOnContext(event -> stream.begin(reply, body, method));
        if (method == HttpMethod.HEAD) {
            return;
        }
        try {
            body.source().writeTo(stream);
            stream.complete();
        } catch (IOException | RuntimeException broken) {
            // Half a body must not look like a whole one.
            stream.breakOff(broken);
        }
    }

    private void begin(Reply reply, Body.Written body, HttpMethod method) {
        if (!ReplyEncoding.open(response)) {
            gone = true;
            return;
        }
        ReplyEncoding.head(response, reply);
        if (body.size().isPresent()) {
            response.putHeader("Content-Length", Long.toString(body.size().getAsLong()));
        } else {
            response.setChunked(true);
        }
        if (method == HttpMethod.HEAD) {
            response.end();
        }
    }

    @Override
    public void write(int single) throws IOException {
        write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        int written = 0;
        while (written < length) {
            if (filled == PIECE) {
                sendPiece();
                piece = nextPiece();
            }
            int part = Math.min(length - written, PIECE - filled);
            System.arraycopy(bytes, from + written, piece, filled, part);
            filled += part;
            written += part;
        }
    }

    private byte[] nextPiece() throws IOException {
        byte[] next;
        try {
            next = free.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the server is ending");
        }
        if (gone || next == null) {
            gone = true;
            throw new IOException("the client is gone or takes nothing");
        }
        return next;
    }

    // The other ways to make a buffer copy the bytes.
    @SuppressWarnings("deprecation")
    private void sendPiece() {
        byte[] bytes = piece;
        Buffer sent = Buffer.buffer(Unpooled.wrappedBuffer(bytes, 0, filled));
        filled = 0;
        context.runOnContext(event -> {
            if (gone || response.closed()) {
                gone = true;
                free.add(bytes);
            } else {
                response.write(sent).onComplete(done -> taken(bytes, done));
            }
        });
    }

    private void taken(byte[] bytes, AsyncResult<Void> done) {
        gone |= done.failed();
        free.add(bytes);
    }

    private void complete() {
        sendPiece();
        context.runOnContext(event -> {
            if (!gone && !response.ended() && !response.closed()) {
                response.end();
            }
        });
    }

    private void breakOff(Exception broken) {
        if (!gone) {
            LOG.log(Level.ERROR, "an answer broke off", broken);
        }
        gone = true;
        context.runOnContext(event -> response.reset());
    }
}
