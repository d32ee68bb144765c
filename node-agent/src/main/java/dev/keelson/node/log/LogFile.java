package dev.keelson.node.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * One open file of a rotated log. Its identity is the inode, not the name: rotation renames {@code x.log} to
 * {@code x.log.1}, {@code x.log.1} to {@code x.log.2} and so on, while it is being read.
 */
final class LogFile implements Closeable {
    private static final int BLOCK = 64 * 1024;
    private static final int MOST_ROTATIONS = 100;
    private static final int ATTEMPTS = 50;
    private static final long PAUSE_NANOS = 200_000;

    private final FileChannel channel;
    private final Object inode;

    private LogFile(FileChannel channel, Object inode) {
        this.channel = channel;
        this.inode = inode;
    }

    private static Optional<LogFile> open(Path path) throws IOException {
        while (true) {
            Optional<Object> before = inode(path);
            if (before.isEmpty()) {
                return Optional.empty();
            }
            FileChannel channel;
            try {
                channel = FileChannel.open(path, StandardOpenOption.READ);
            } catch (NoSuchFileException renamed) {
                continue;
            }
            // The name may have changed hands meanwhile: only when it had one inode all along, this is its file.
            if (before.equals(inode(path))) {
                return Optional.of(new LogFile(channel, before.get()));
            }
            channel.close();
        }
    }

    private static Optional<Object> inode(Path path) throws IOException {
        try {
            return Optional.of(
                    Files.readAttributes(path, BasicFileAttributes.class).fileKey());
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        }
    }

    /**
     * All files of the log that are there, oldest first; a rotation meanwhile neither doubles nor loses one. They are
     * opened from the youngest on, against the direction in which rotation moves them, so none slips by.
     */
    static List<LogFile> openAll(Path current) throws IOException {
        List<LogFile> newestFirst = new ArrayList<>();
        int absent = 0;
        // A rotation leaves one name free at a time; two in a row are the end.
        for (int index = 0; absent < 2 && index <= MOST_ROTATIONS; index++) {
            Optional<LogFile> file = open(name(current, index));
            absent = file.isEmpty() ? absent + 1 : 0;
            if (file.isPresent()) {
                add(newestFirst, file.get());
            }
        }
        return newestFirst.reversed();
    }

    /** A file that is there already was rotated past: what was opened after it comes again, under its new name. */
    private static void add(List<LogFile> newestFirst, LogFile found) throws IOException {
        for (int at = 0; at < newestFirst.size(); at++) {
            if (newestFirst.get(at).inode.equals(found.inode)) {
                found.close();
                List<LogFile> again = newestFirst.subList(at + 1, newestFirst.size());
                for (LogFile file : again) {
                    file.close();
                }
                again.clear();
                return;
            }
        }
        newestFirst.add(found);
    }

    private static Path name(Path current, int index) {
        return index == 0 ? current : current.resolveSibling(current.getFileName() + "." + index);
    }

    /** The file that was written after this one, if this one has been rotated away. */
    Optional<LogFile> successor(Path current) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int index = place(current);
            if (index == 0) {
                return Optional.empty();
            }
            if (index > 0) {
                Optional<LogFile> next = open(name(current, index - 1));
                // Rotation moves the oldest first: while this file is where it was, its successor is, too.
                if (next.isPresent() && place(current) == index) {
                    return next;
                }
                if (next.isPresent()) {
                    next.get().close();
                }
            }
            LockSupport.parkNanos(PAUSE_NANOS); // A rotation is under way; it is a handful of renames.
        }
        // Rotated out of existence while it was read: go on with the oldest that is left.
        List<LogFile> left = openAll(current);
        for (int at = 1; at < left.size(); at++) {
            left.get(at).close();
        }
        return left.isEmpty() ? Optional.empty() : Optional.of(left.getFirst());
    }

    /** Which name this file has now, as the number behind it; -1 when it has none at the moment. */
    private int place(Path current) throws IOException {
        int absent = 0;
        for (int index = 0; absent < 2 && index <= MOST_ROTATIONS; index++) {
            Optional<Object> there = inode(name(current, index));
            if (there.isPresent() && there.get().equals(inode)) {
                return index;
            }
            absent = there.isEmpty() ? absent + 1 : 0;
        }
        return -1;
    }

    int read(ByteBuffer into) throws IOException {
        return channel.read(into);
    }

    /** Moves to where the last {@code lines} records begin; answers how many there are, at most that many. */
    long seekToLast(long lines) throws IOException {
        long position = channel.size();
        long found = 0;
        boolean first = true;
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        while (position > 0) {
            long start = Math.max(0, position - BLOCK);
            block.clear().limit((int) (position - start));
            readFully(block, start);
            for (int at = block.limit() - 1; at >= 0; at--) {
                boolean end = block.get(at) == '\n';
                // The last byte's line end closes the last record and begins none.
                if (end && !(first && at == block.limit() - 1)) {
                    found++;
                    if (found == lines) {
                        channel.position(start + at + 1);
                        return found;
                    }
                }
            }
            first = false;
            position = start;
        }
        channel.position(0);
        return channel.size() == 0 ? 0 : found + 1;
    }

    private void readFully(ByteBuffer block, long position) throws IOException {
        while (block.hasRemaining() && channel.read(block, position + block.position()) >= 0) {
            // Goes on until the block is full or the file ends.
        }
    }

    void seekToEnd() throws IOException {
        channel.position(channel.size());
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
