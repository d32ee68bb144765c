package dev.keelson.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.cli.CliException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * A command in a container over a WebSocket (Kubernetes' {@code v5.channel.k8s.io}): the first byte of every message is
 * its channel, and the error channel ends the session with a Status that holds the exit code.
 */
public final class RemoteCommand implements WebSocket.Listener {
    private static final String PROTOCOL = "v5.channel.k8s.io";
    private static final int STDIN = 0;
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int ERROR = 3;
    private static final int RESIZE = 4;
    private static final int CLOSE = 255;

    private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private WebSocket socket;

    private RemoteCommand() {}

    public static RemoteCommand open(Api api, URI at) {
        RemoteCommand command = new RemoteCommand();
        try {
            command.socket = api.http()
                    .newWebSocketBuilder()
                    .subprotocols(PROTOCOL)
                    .buildAsync(at, command)
                    .join();
            return command;
        } catch (CompletionException e) {
            throw refusal(e.getCause());
        }
    }

    private static CliException refusal(Throwable cause) {
        if (cause instanceof WebSocketHandshakeException handshake) {
            HttpResponse<?> response = handshake.getResponse();
            Object body = response.body();
            byte[] bytes = body instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : new byte[0];
            return Api.refused(new Api.Answer(response.statusCode(), bytes));
        }
        return new CliException("cannot start the command: " + cause.getMessage(), cause);
    }

    /** Completes with the command's exit code. */
    public CompletableFuture<Integer> exitCode() {
        return exitCode;
    }

    public void stdin(byte[] chunk, int length) {
        ByteBuffer frame = ByteBuffer.allocate(length + 1)
                .put((byte) STDIN)
                .put(chunk, 0, length)
                .flip();
        send(frame);
    }

    public void closeStdin() {
        send(ByteBuffer.wrap(new byte[] {(byte) CLOSE, STDIN}));
    }

    public void resize(int columns, int rows) {
        byte[] size = "{\"Width\":%d,\"Height\":%d}".formatted(columns, rows).getBytes(StandardCharsets.UTF_8);
        send(ByteBuffer.allocate(size.length + 1).put((byte) RESIZE).put(size).flip());
    }

    private synchronized void send(ByteBuffer frame) {
        if (!exitCode.isDone()) {
            socket.sendBinary(frame, true).join();
        }
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        byte[] part = new byte[data.remaining()];
        data.get(part);
        message.writeBytes(part);
        if (last) {
            take(message.toByteArray());
            message.reset();
        }
        from.request(1);
        return null;
    }

    private void take(byte[] frame) {
        if (frame.length == 0) {
            return;
        }
        switch (frame[0]) {
            case STDOUT -> write(System.out, frame);
            case STDERR -> write(System.err, frame);
            case ERROR -> end(frame);
            default -> {} // a newer server may have more channels
        }
    }

    private static void write(java.io.PrintStream out, byte[] frame) {
        out.write(frame, 1, frame.length - 1);
        out.flush();
    }

    private void end(byte[] frame) {
        try {
            JsonNode status = Api.JSON.readTree(frame, 1, frame.length - 1);
            if (status.path("status").asText().equals("Success")) {
                exitCode.complete(0);
                return;
            }
            for (JsonNode cause : status.path("details").path("causes")) {
                if (cause.path("reason").asText().equals("ExitCode")) {
                    exitCode.complete(cause.path("message").asInt(1));
                    return;
                }
            }
            exitCode.completeExceptionally(
                    new CliException(status.path("message").asText()));
        } catch (IOException e) {
            exitCode.completeExceptionally(e);
        }
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        exitCode.completeExceptionally(new CliException(
                "the connection to the container ended without an exit code (%d %s)".formatted(code, reason)));
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        exitCode.completeExceptionally(
                new CliException("the connection to the container broke: " + error.getMessage(), error));
    }
}
