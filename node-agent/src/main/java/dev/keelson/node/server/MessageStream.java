package dev.keelson.node.server;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Base64;

/**
 * The messages of a WebSocket as a blocking stream, each write one message. The first is empty: it tells the client that the
 * stream is open, as Kubernetes does.
 */
final class MessageStream extends OutputStream {
    private final ServerWebSocket socket;
    private final boolean base64;

    MessageStream(ServerWebSocket socket) throws IOException {
        this.socket = socket;
        this.base64 = LogRoutes.BASE64.equals(socket.subProtocol());
        send(new byte[0]);
    }

    @Override
    public void write(int b) throws IOException {
        send(new byte[] {(byte) b});
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (length > 0) {
            send(Arrays.copyOfRange(bytes, offset, offset + length));
        }
    }

    private void send(byte[] message) throws IOException {
        ResponseStream.await(
                base64
                        ? socket.writeTextMessage(Base64.getEncoder().encodeToString(message))
                        : socket.writeBinaryMessage(Buffer.buffer(message)));
    }

    @Override
    public void close() throws IOException {
        ResponseStream.await(socket.close());
    }
}
