package dev.keelson.node.server.stream;

import dev.keelson.node.runtime.StreamOptions;
import dev.keelson.node.runtime.StreamSession;
import io.fabric8.kubernetes.api.model.Status;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Joins a process's streams to a WebSocket. Each direction waits for the slower side: output is read only when the
 * connection took the last piece, input is fetched only when the process took the last one.
 */
public final class StreamBridge {
    private static final Logger LOG = System.getLogger(StreamBridge.class.getName());
    private static final int BLOCK = 32 * 1024;
    private static final int AHEAD = 4;
    private static final short NORMAL_CLOSURE = 1000;
    /** Data that is not what the protocol says (RFC 6455, 7.4.1). */
    private static final short WRONG_DATA = 1007;

    private final ServerWebSocket socket;
    private final StreamSession session;
    private final StreamOptions options;
    private final Framing framing;
    private final BlockingQueue<Buffer> incoming = new LinkedBlockingQueue<>();

    public StreamBridge(ServerWebSocket socket, StreamSession session, StreamOptions options) {
        this.socket = socket;
        this.session = session;
        this.options = options;
        this.framing = Framing.of(socket);
    }

    /** Call it on the socket's event loop, before any message can arrive. */
    public void start() {
        Thread input = Thread.ofVirtual().name("stream-in").unstarted(this::readMessages);
        socket.closeHandler(_ -> hangUp(input));
        socket.exceptionHandler(_ -> hangUp(input));
        MessageFrames.deliver(socket, AHEAD, this::received);
        input.start();
        Thread.ofVirtual().name("stream-out").start(this::run);
    }

    private void received(Buffer message) {
        framing.read(message)
                .ifPresentOrElse(
                        incoming::add,
                        () -> socket.close(WRONG_DATA, "a message is the digit of a channel and then base64"));
    }

    /** The client has gone: an exec'd process is ended with its session, an attached one goes on. */
    private void hangUp(Thread input) {
        input.interrupt();
        Thread.startVirtualThread(session::close);
    }

    private void run() {
        try {
            greet();
            Thread stdout = copier(Channels.STDOUT, session.stdout(), options.stdout());
            Thread stderr = copier(Channels.STDERR, session.stderr(), options.stderr());
            int exitCode = session.exitCode().join();
            // What the process wrote before it ended still has to arrive before the news of its end.
            stdout.join();
            stderr.join();
            finish(ExecStatus.of(exitCode));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (CompletionException | CancellationException failure) {
            finish(ExecStatus.failed(String.valueOf(failure.getMessage())));
        } finally {
            session.close();
        }
    }

    /** An empty message tells the client that the streams are open (as the kubelet's). */
    private void greet() {
        int lowest = options.stdout() ? Channels.STDOUT : options.stderr() ? Channels.STDERR : Channels.ERROR;
        framing.write(socket, lowest, new byte[0], 0);
    }

    private Thread copier(int channel, InputStream from, boolean wanted) {
        return Thread.ofVirtual().name("stream-" + channel).start(() -> {
            try {
                copy(channel, from, wanted);
            } catch (IOException gone) {
                LOG.log(Level.DEBUG, "stream ended channel={0} cause=\"{1}\"", channel, gone.getMessage());
            }
        });
    }

    /** An unwanted stream is read all the same: a process must not stall on output that nobody looks at. */
    private void copy(int channel, InputStream from, boolean wanted) throws IOException {
        byte[] block = new byte[BLOCK];
        int read = from.read(block);
        while (read >= 0) {
            if (read > 0 && wanted) {
                Waiting.until(framing.write(socket, channel, block, read));
            }
            read = from.read(block);
        }
    }

    private void finish(Status status) {
        finish(socket, status);
    }

    /** Ends a stream that never began. */
    public static void refuse(ServerWebSocket socket, String why) {
        finish(socket, ExecStatus.failed(why));
    }

    private static void finish(ServerWebSocket socket, Status status) {
        Framing framing = Framing.of(socket);
        byte[] end = framing.end(status);
        Future<Void> told =
                end.length == 0 ? Future.succeededFuture() : framing.write(socket, Channels.ERROR, end, end.length);
        told.onComplete(_ -> socket.close(NORMAL_CLOSURE));
    }

    private void readMessages() {
        try {
            readInput();
            // The input is closed; sizes may still arrive.
            while (true) {
                Buffer message = incoming.take();
                if (message.length() > 0 && (message.getByte(0) & 0xff) == Channels.RESIZE) {
                    resize(message);
                }
                socket.fetch(1);
            }
        } catch (InterruptedException hungUp) {
            Thread.currentThread().interrupt();
        } catch (IOException gone) {
            LOG.log(Level.DEBUG, "process takes no input cause=\"{0}\"", gone.getMessage());
            discard();
        }
    }

    private void readInput() throws IOException, InterruptedException {
        try (OutputStream stdin = session.stdin()) {
            boolean open = true;
            while (open) {
                Buffer message = incoming.take();
                open = message.length() == 0 || handle(message, stdin);
                socket.fetch(1);
            }
        }
    }

    /** The process has closed its input: what still arrives is dropped, so that pings and closing are seen. */
    private void discard() {
        socket.frameHandler(_ -> {});
        socket.fetch(Long.MAX_VALUE);
    }

    /** Answers false once the client has finished with stdin. */
    private boolean handle(Buffer message, OutputStream stdin) throws IOException {
        switch (message.getByte(0) & 0xff) {
            case Channels.STDIN -> {
                if (options.stdin()) {
                    stdin.write(message.getBytes(1, message.length()));
                    stdin.flush();
                }
            }
            case Channels.RESIZE -> resize(message);
            case Channels.CLOSE -> {
                return message.length() < 2 || message.getByte(1) != Channels.STDIN;
            }
            default -> LOG.log(Level.DEBUG, "message for unknown channel {0}", message.getByte(0));
        }
        return true;
    }

    private void resize(Buffer message) {
        TerminalSize.read(message.getBytes(1, message.length()))
                .ifPresent(size -> session.resize(size.columns(), size.rows()));
    }
}
