package dev.keelson.node.server.stream;

import dev.keelson.linux.DuplexChannel;
import dev.keelson.node.NodeException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;

/**
 * One forwarded connection: a thread for each direction between a port in the pod and its stream. Either direction may
 * end first, as with a connection without anybody in between.
 */
final class ForwardedPort {
    private static final Logger LOG = System.getLogger(ForwardedPort.class.getName());
    private static final int BLOCK = 32 * 1024;
    private static final Piece END = new Piece(new byte[0], true);

    private final PortStreams tunnel;
    private final int stream;
    private final int errors;
    private final BlockingQueue<Piece> toPod = new LinkedBlockingQueue<>();
    private volatile Optional<DuplexChannel> port = Optional.empty();
    private volatile boolean aborted;
    private boolean over;

    /** @param last nothing comes after it */
    private record Piece(byte[] bytes, boolean last) {}

    ForwardedPort(PortStreams tunnel, int stream, int errors) {
        this.tunnel = tunnel;
        this.stream = stream;
        this.errors = errors;
    }

    void start(Supplier<DuplexChannel> connect, String number) {
        Thread.ofVirtual().name("forward-" + number).start(() -> run(connect, number));
    }

    void offer(byte[] bytes, boolean last) {
        if (!taken(new Piece(bytes, last))) {
            tunnel.passed(bytes.length);
        }
    }

    private synchronized boolean taken(Piece piece) {
        return !over && toPod.add(piece);
    }

    /** The client has gone or gave the connection up. */
    void abort() {
        aborted = true;
        offer(END.bytes(), true);
        port.ifPresent(ForwardedPort::close);
    }

    private void run(Supplier<DuplexChannel> connect, String number) {
        try (DuplexChannel opened = connect.get()) {
            port = Optional.of(opened);
            Thread writer = Thread.ofVirtual().name("forward-in-" + number).start(() -> write(opened));
            copyBack(opened);
            if (!tunnel.end(stream, errors, "")) {
                offer(END.bytes(), true);
            }
            writer.join();
        } catch (NodeException | IOException broken) {
            tunnel.end(
                    stream,
                    errors,
                    aborted ? "" : "error forwarding port %s: %s".formatted(number, broken.getMessage()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            dropRest();
            tunnel.closed(stream);
        }
    }

    private void copyBack(DuplexChannel from) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        while (!aborted && from.read(block.clear()) >= 0) {
            Waiting.until(tunnel.send(stream, block.array(), block.position(), false));
        }
    }

    private void write(DuplexChannel to) {
        try {
            boolean last = false;
            boolean takes = true;
            while (!last) {
                Piece piece = toPod.take();
                takes = takes && passOn(piece, to);
                tunnel.passed(piece.bytes().length);
                last = piece.last();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** False when the port takes nothing any more; what it has sent before is still to be read. */
    private boolean passOn(Piece piece, DuplexChannel to) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(piece.bytes());
            while (bytes.hasRemaining()) {
                to.write(bytes);
            }
            if (piece.last()) {
                to.shutdownOutput();
            }
            return true;
        } catch (IOException gone) {
            LOG.log(Level.DEBUG, "port takes no more stream={0} cause=\"{1}\"", stream, gone.getMessage());
            return false;
        }
    }

    /** What nobody takes counts as passed on: the other connections of the tunnel share one allowance with it. */
    private synchronized void dropRest() {
        over = true;
        toPod.forEach(piece -> tunnel.passed(piece.bytes().length));
        // A writer that still waits ends with this.
        toPod.clear();
        toPod.add(END);
    }

    private static void close(DuplexChannel channel) {
        try {
            channel.close();
        } catch (IOException ignored) {
            // It is being given up: there is nobody left to tell.
        }
    }
}
