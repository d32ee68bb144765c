package dev.keelson.bench.store;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.Locale;

/**
 * One connection with HTTP/1.1 (RFC 9112) that carries one request at a time. It understands no more than what the server
 * sends, so that the load takes little of the machine whose server is measured: as little as etcd's, whose messages are
 * put together by hand as well.
 */
final class Http1Connection {
    private static final String LENGTH = "\r\ncontent-length:";
    /** CR LF CR LF. */
    private static final int END_OF_HEAD = 0x0d0a0d0a;

    private static final int STATUS_AT = "HTTP/1.1 ".length();

    private final NetSocket socket;
    private Buffer received = Buffer.buffer();
    private Promise<Void> answered = Promise.promise();

    Http1Connection(NetSocket socket) {
        this.socket = socket;
        socket.handler(this::received);
        socket.closeHandler(closed -> answered.tryFail("the server closed the connection"));
    }

    /** Done when the answer has come as a whole; fails unless it is 2xx. */
    Future<Void> send(Buffer request) {
        answered = Promise.promise();
        socket.write(request).onFailure(answered::tryFail);
        return answered.future();
    }

    private void received(Buffer piece) {
        // Almost always the whole answer.
        received = received.length() == 0 ? piece : received.appendBuffer(piece);
        int head = endOfHead();
        if (head < 0) {
            return;
        }
        String fields = received.getString(0, head, "US-ASCII");
        int length = bodyLength(fields);
        if (length < 0) {
            answered.tryFail("the answer has no Content-Length: it cannot be measured with this connection: " + fields);
        } else if (received.length() >= head + Integer.BYTES + length) {
            answer(fields.charAt(STATUS_AT));
        }
    }

    private void answer(char status) {
        Buffer answer = received;
        received = Buffer.buffer();
        if (status == '2') {
            answered.tryComplete();
        } else {
            answered.tryFail("the server answered " + answer);
        }
    }

    private int endOfHead() {
        int at = 0;
        while (at <= received.length() - Integer.BYTES) {
            if (received.getByte(at) == '\r' && received.getInt(at) == END_OF_HEAD) {
                return at;
            }
            at++;
        }
        return -1;
    }

    /** What the field says, or -1. */
    private static int bodyLength(String fields) {
        int at = fields.toLowerCase(Locale.ROOT).indexOf(LENGTH);
        if (at < 0) {
            return -1;
        }
        int from = at + LENGTH.length();
        int end = fields.indexOf('\r', from);
        return Integer.parseInt(
                fields.substring(from, end < 0 ? fields.length() : end).strip());
    }
}
