package dev.keelson.node.server.stream;

import dev.keelson.node.NodeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;

/** One forwarded connection: a thread for each direction between a port in the pod and its SPDY stream. */
final class ForwardedPort {
    private static final int BLOCK = 32 * 1024;

    private final PortStreams tunnel;
    private final int stream;
    private final int errors;
    private final BlockingQueue<Piece> toPod = new LinkedBlockingQueue<>();
    private volatile Optional<ByteChannel> port = Optional.empty();
    private volatile boolean aborted;

    /** @param last nothing comes after it */
    private record Piece(byte[] bytes, boolean last) {}

    ForwardedPort(PortStreams tunnel, int stream, int errors) {
        this.tunnel = tunnel;
        this.stream = stream;
        this.errors = errors;
    }

    void start(Supplier<ByteChannel> connect, String number) {
        Thread.ofVirtual().name("forward-" + number).start(() -> run(connect, number));
    }

    void offer(byte[] bytes, boolean last) {
        toPod.add(new Piece(bytes, last));
    }

    /** The client has gone or gave the connection up. */
    void abort() {
        aborted = true;
        toPod.add(new Piece(new byte[0], true));
        port.ifPresent(ForwardedPort::close);
    }

    private void run(Supplier<ByteChannel> connect, String number) {
        String error = "";
        try (ByteChannel opened = connect.get()) {
            port = Optional.of(opened);
            Thread writer = Thread.ofVirtual().name("forward-in-" + number).start(() -> write(opened));
            copyBack(opened);
            toPod.add(new Piece(new byte[0], true));
            writer.join();
        } catch (NodeException refused) {
            error = "error forwarding port %s: %s".formatted(number, refused.getMessage());
        } catch (IOException broken) {
            error = aborted ? "" : "error forwarding port %s: %s".formatted(number, broken.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            tunnel.finish(stream, errors, error);
        }
    }

    private void copyBack(ByteChannel from) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        while (!aborted && from.read(block.clear()) >= 0) {
            Waiting.until(tunnel.send(stream, block.array(), block.position(), false));
        }
    }

    private void write(ByteChannel to) {
        try {
            boolean last = false;
            while (!last) {
                Piece piece = toPod.take();
                ByteBuffer bytes = ByteBuffer.wrap(piece.bytes());
                while (bytes.hasRemaining()) {
                    to.write(bytes);
                }
                tunnel.passed(piece.bytes().length);
                last = piece.last();
            }
            if (to instanceof SocketChannel socket && socket.isOpen()) {
                socket.shutdownOutput();
            }
        } catch (IOException gone) {
            close(to);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void close(ByteChannel channel) {
        try {
            channel.close();
        } catch (IOException ignored) {
            // It is being given up: there is nobody left to tell.
        }
    }
}
