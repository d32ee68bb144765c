package dev.keelson.node.server.stream;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import java.util.function.Consumer;

/**
 * Puts a paused WebSocket's frames together to messages. Back-pressure counts frames, and a message may come in many:
 * the receiver fetches one for every message it is given, the frames in between are fetched here.
 */
final class MessageFrames {
    /** As in Kubernetes; a message that came in many frames could otherwise grow for ever. */
    private static final int LONGEST = 32 << 20;

    private static final short TOO_BIG = 1009;

    private final ServerWebSocket socket;
    private final Consumer<Buffer> messages;
    private Buffer partial = Buffer.buffer();

    private MessageFrames(ServerWebSocket socket, Consumer<Buffer> messages) {
        this.socket = socket;
        this.messages = messages;
    }

    /** Call it on the socket's event loop; {@code ahead} messages are fetched at once. */
    static void deliver(ServerWebSocket socket, int ahead, Consumer<Buffer> messages) {
        MessageFrames frames = new MessageFrames(socket, messages);
        socket.pause();
        socket.frameHandler(frames::accept);
        socket.fetch(ahead);
    }

    private void accept(WebSocketFrame frame) {
        if (!frame.isBinary() && !frame.isText() && !frame.isContinuation()) {
            socket.fetch(1);
            return;
        }
        if (partial.length() + frame.binaryData().length() > LONGEST) {
            partial = Buffer.buffer();
            socket.close(TOO_BIG, "a message may have %d bytes".formatted(LONGEST));
            return;
        }
        partial.appendBuffer(frame.binaryData());
        if (frame.isFinal()) {
            Buffer message = partial;
            partial = Buffer.buffer();
            messages.accept(message);
        } else {
            socket.fetch(1);
        }
    }
}
