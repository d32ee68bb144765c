package dev.keelson.node.server.stream;

import dev.keelson.node.runtime.StreamOptions;
import dev.keelson.node.runtime.StreamSession;
import io.netty.handler.codec.spdy.SpdyHeaders;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;

/**
 * Joins a process's streams to SPDY streams, as kubectl before 1.31 asks for: the client opens one stream for each of
 * {@code error}, {@code stdin}, {@code stdout}, {@code stderr} and {@code resize}; when all are there the process starts.
 */
public final class SpdyBridge implements SpdyConnection.Peer {
    private static final Logger LOG = System.getLogger(SpdyBridge.class.getName());
    private static final int BLOCK = 32 * 1024;

    private final SpdyConnection spdy;
    private final Supplier<StreamSession> opening;
    private final StreamOptions options;
    private final Set<String> expected = new HashSet<>();
    private final Map<String, Integer> streams = new HashMap<>();
    private final BlockingQueue<Piece> stdin = new LinkedBlockingQueue<>();
    private volatile Optional<StreamSession> session = Optional.empty();
    private Optional<TerminalSize> size = Optional.empty();
    private volatile boolean gone;

    /** @param last nothing comes after it */
    private record Piece(byte[] bytes, boolean last) {}

    private SpdyBridge(NetSocket socket, Supplier<StreamSession> opening, StreamOptions options, boolean resizable) {
        this.spdy = new SpdyConnection(SpdyCarrier.of(socket), this);
        this.opening = opening;
        this.options = options;
        expect("error", true);
        expect("stdin", options.stdin());
        expect("stdout", options.stdout());
        expect("stderr", options.stderr());
        expect("resize", options.tty() && resizable);
    }

    /** @param resizable whether the protocol that was agreed on has a stream for terminal sizes */
    public static void start(
            NetSocket socket, Supplier<StreamSession> opening, StreamOptions options, boolean resizable) {
        new SpdyBridge(socket, opening, options, resizable).spdy.start();
    }

    private void expect(String type, boolean wanted) {
        if (wanted) {
            expected.add(type);
        }
    }

    @Override
    public void opened(int stream, SpdyHeaders headers) {
        String type = SpdyConnection.header(headers, "streamtype");
        if (!expected.remove(type)) {
            spdy.reject(stream);
            return;
        }
        streams.put(type, stream);
        if (expected.isEmpty()) {
            Map<String, Integer> all = Map.copyOf(streams);
            Thread.ofVirtual().name("spdy-out").start(() -> run(all));
        }
    }

    @Override
    public void data(int stream, byte[] bytes, boolean last) {
        if (streams.getOrDefault("stdin", -1) == stream) {
            stdin.add(new Piece(bytes, last));
            return;
        }
        if (streams.getOrDefault("resize", -1) == stream) {
            resize(bytes);
        }
        spdy.passed(bytes.length);
    }

    @Override
    public void reset(int stream) {
        if (streams.getOrDefault("stdin", -1) == stream) {
            stdin.add(new Piece(new byte[0], true));
        }
    }

    /** The client has gone: an exec'd process is ended with its session, an attached one goes on. */
    @Override
    public void gone() {
        gone = true;
        stdin.add(new Piece(new byte[0], true));
        session.ifPresent(open -> Thread.startVirtualThread(open::close));
    }

    private void run(Map<String, Integer> all) {
        byte[] status;
        try (StreamSession open = opening.get()) {
            begin(open);
            if (gone) {
                return;
            }
            Thread input = Thread.ofVirtual().name("spdy-in").start(() -> copyInput(open));
            Thread stdout = copier(open.stdout(), Optional.ofNullable(all.get("stdout")));
            Thread stderr = copier(open.stderr(), Optional.ofNullable(all.get("stderr")));
            int exitCode = open.exitCode().join();
            // What the process wrote before it ended still has to arrive before the news of its end.
            stdout.join();
            stderr.join();
            input.interrupt();
            status = ExecStatus.json(ExecStatus.of(exitCode));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return;
        } catch (RuntimeException failure) {
            status = ExecStatus.json(ExecStatus.failed(String.valueOf(failure.getMessage())));
        }
        spdy.send(all.get("error"), status, status.length, true);
        spdy.afterwards(spdy::end);
    }

    /** An unwanted stream is read all the same: a process must not stall on output that nobody looks at. */
    private Thread copier(InputStream from, Optional<Integer> stream) {
        return Thread.ofVirtual().name("spdy-copy").start(() -> {
            byte[] block = new byte[BLOCK];
            try {
                int read = from.read(block);
                while (read >= 0) {
                    if (read > 0 && stream.isPresent()) {
                        Waiting.until(spdy.send(stream.get(), block, read, false));
                    }
                    read = from.read(block);
                }
                if (stream.isPresent()) {
                    Waiting.until(spdy.send(stream.get(), block, 0, true));
                }
            } catch (IOException end) {
                LOG.log(Level.DEBUG, "stream ended cause=\"{0}\"", end.getMessage());
            }
        });
    }

    private void copyInput(StreamSession open) {
        if (!options.stdin()) {
            return;
        }
        boolean last = false;
        try (OutputStream to = open.stdin()) {
            while (!last) {
                Piece piece = stdin.take();
                to.write(piece.bytes());
                to.flush();
                spdy.passed(piece.bytes().length);
                last = piece.last();
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        } catch (IOException closed) {
            LOG.log(Level.DEBUG, "process takes no input cause=\"{0}\"", closed.getMessage());
            discard(last);
        }
    }

    /** The process has closed its input: what still arrives is dropped, so that the rest of the connection goes on. */
    private void discard(boolean ended) {
        boolean last = ended;
        try {
            while (!last) {
                Piece piece = stdin.take();
                spdy.passed(piece.bytes().length);
                last = piece.last();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** A client sends its first size as soon as there is a stream for it, which is before there is a process. */
    private synchronized void resize(byte[] json) {
        TerminalSize.read(json).ifPresent(read -> {
            size = Optional.of(read);
            session.ifPresent(open -> open.resize(read.columns(), read.rows()));
        });
    }

    private synchronized void begin(StreamSession open) {
        session = Optional.of(open);
        size.ifPresent(known -> open.resize(known.columns(), known.rows()));
    }
}
