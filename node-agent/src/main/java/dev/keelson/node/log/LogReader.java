package dev.keelson.node.log;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Reads a container's log, on request for as long as the container runs, across rotation without losing or doubling a
 * line. Blocking; meant for virtual threads.
 */
public final class LogReader {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(160);
    private static final int BLOCK = 64 * 1024;

    private final Path current;
    private final LogOptions options;
    private final RecordWriter writer;
    private final BooleanSupplier running;
    private final Deque<LogFile> files = new ArrayDeque<>();
    private final ByteBuffer block = ByteBuffer.allocate(BLOCK);

    private LogReader(Path current, LogOptions options, OutputStream out, BooleanSupplier running) {
        this.current = current;
        this.options = options;
        this.writer = new RecordWriter(options, out);
        this.running = running;
    }

    /**
     * Writes what the options ask for, and returns when it is all written.
     *
     * @param running whether more may be written to the log; asked while following
     * @throws IOException when the reader of {@code out} has gone, or the disk fails
     */
    public static void read(Path current, LogOptions options, OutputStream out, BooleanSupplier running)
            throws IOException {
        LogReader reader = new LogReader(current, options, out, running);
        try {
            reader.read();
        } finally {
            for (LogFile file : reader.files) {
                file.close();
            }
        }
    }

    private void read() throws IOException {
        files.addAll(LogFile.openAll(current));
        seek();
        while (files.size() > 1 && !writer.full()) {
            drain(files.getFirst());
            files.removeFirst().close();
        }
        if (!files.isEmpty() && !writer.full()) {
            drain(files.getFirst());
        }
        if (options.follow()) {
            follow();
        }
        writer.flush();
    }

    /** Leaves out what is before the last lines: whole files, then the beginning of one. */
    private void seek() throws IOException {
        if (options.tailLines().isEmpty()) {
            return;
        }
        long missing = options.tailLines().getAsLong();
        for (LogFile file : List.copyOf(files).reversed()) {
            if (missing <= 0) {
                file.seekToEnd();
            } else {
                missing -= file.seekToLast(missing);
            }
        }
    }

    private void follow() throws IOException {
        Duration pause = FIRST_PAUSE;
        while (!writer.full()) {
            // Asked before reading: what was written before it ended is then read for certain.
            boolean more = running.getAsBoolean();
            if (advance()) {
                pause = FIRST_PAUSE;
                continue;
            }
            if (!more) {
                return;
            }
            writer.flush();
            sleep(pause);
            pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    /** Reads what there is now; answers whether anything was new. */
    private boolean advance() throws IOException {
        if (files.isEmpty()) {
            files.addAll(LogFile.openAll(current));
            return !files.isEmpty();
        }
        LogFile file = files.getFirst();
        boolean news = drain(file);
        Optional<LogFile> next = file.successor(current);
        if (next.isEmpty()) {
            return news;
        }
        // The writer opened the successor after its last write here, so this is the very end of the file.
        drain(file);
        files.removeFirst().close();
        files.addFirst(next.get());
        return true;
    }

    private boolean drain(LogFile file) throws IOException {
        boolean news = false;
        while (!writer.full()) {
            block.clear();
            int read = file.read(block);
            if (read <= 0) {
                return news;
            }
            news = true;
            writer.accept(block.array(), read);
        }
        return news;
    }

    private static void sleep(Duration pause) throws IOException {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("the log is no longer followed");
        }
    }
}
