package dev.keelson.node.server.stream;

import io.fabric8.kubernetes.api.model.Status;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * How a WebSocket's subprotocol puts channels into messages. In the binary ones the first byte is the channel; in those
 * with base64, for clients that have text only, the first character is its number, counted from '0', and the rest is encoded. Before v4 the
 * error channel has an error's text, and nothing after a success (Kubernetes: {@code wsstream/conn.go},
 * {@code remotecommand/websocket.go}).
 *
 * @param base64 whether messages are text
 * @param statuses whether the error channel has the end as a Status
 */
record Framing(boolean base64, boolean statuses) {

    /** What the two agreed on; none is the first version. */
    static Framing of(ServerWebSocket socket) {
        String agreed = Optional.ofNullable(socket.subProtocol()).orElse("");
        boolean statuses = List.of(Channels.V5, Channels.V4, Channels.V4_BASE64).contains(agreed);
        return new Framing(agreed.endsWith(Channels.V1_BASE64), statuses);
    }

    Future<Void> write(ServerWebSocket socket, int channel, byte[] bytes, int length) {
        if (base64) {
            byte[] text = Base64.getEncoder().encode(Arrays.copyOf(bytes, length));
            return socket.writeTextMessage((char) ('0' + channel) + new String(text, StandardCharsets.US_ASCII));
        }
        return socket.writeBinaryMessage(
                Buffer.buffer(length + 1).appendByte((byte) channel).appendBytes(bytes, 0, length));
    }

    /** The channel's number and what is for it; empty for a message that is neither. */
    Optional<Buffer> read(Buffer message) {
        if (!base64 || message.length() == 0) {
            return Optional.of(message);
        }
        int channel = message.getByte(0) - '0';
        try {
            byte[] bytes = Base64.getDecoder().decode(message.getBytes(1, message.length()));
            return channel < 0
                    ? Optional.empty()
                    : Optional.of(Buffer.buffer(bytes.length + 1)
                            .appendByte((byte) channel)
                            .appendBytes(bytes));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    /** What the error channel says at the end; empty for nothing. */
    byte[] end(Status status) {
        if (statuses) {
            return ExecStatus.json(status);
        }
        String text = "Success".equals(status.getStatus()) ? "" : status.getMessage();
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
