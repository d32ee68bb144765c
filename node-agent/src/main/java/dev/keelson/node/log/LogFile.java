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

/**
 * One open file of a rotated log. Its identity is the inode, not the name: rotation renames {@code x.log} to
 * {@code x.log.1}, {@code x.log.1} to {@code x.log.2} and so on, while it is being read.
 */
final class LogFile implements Closeable {
    private static final int BLOCK = 64 * 1024;
    private static final int MOST_ROTATIONS = 100;

    private final FileChannel channel;
    private final Object inode;

    private LogFile(FileChannel channel, Object inode) {
        this.channel = channel;
        this.inode = inode;
    }

    private static Optional<LogFile> open(Path path) throws IOException {
        while (true) {
            FileChannel channel;
            try {
                channel = FileChannel.open(path, StandardOpenOption.READ);
            } catch (NoSuchFileException absent) {
                return Optional.empty();
            }
            // The name may have changed hands between open and stat; then neither answer can be trusted.
            Optional<Object> before = inode(path);
            long size = channel.size();
            if (before.isPresent() && before.equals(inode(path)) && size >= 0 && sameFile(path, before.get())) {
                return Optional.of(new LogFile(channel, before.get()));
            }
            channel.close();
        }
    }

    private static boolean sameFile(Path path, Object inode) throws IOException {
        return inode(path).filter(inode::equals).isPresent();
    }

    private static Optional<Object> inode(Path path) throws IOException {
        try {
            return Optional.of(
                    Files.readAttributes(path, BasicFileAttributes.class).fileKey());
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        }
    }

    /** All files of the log that are there, oldest first; a rotation meanwhile neither doubles nor loses one. */
    static List<LogFile> openAll(Path current) throws IOException {
        List<LogFile> newestFirst = new ArrayList<>();
        for (int index = 0; index <= MOST_ROTATIONS; index++) {
            Optional<LogFile> file = open(name(current, index));
            if (file.isEmpty()) {
                if (index > 0) {
                    break;
                }
                continue;
            }
            LogFile found = file.get();
            if (!newestFirst.isEmpty() && found.inode.equals(newestFirst.getFirst().inode)) {
                // Rotated since the first was opened: what was opened between is younger than it, and comes later.
                found.close();
                for (LogFile younger : newestFirst.subList(1, newestFirst.size())) {
                    younger.close();
                }
                newestFirst.subList(1, newestFirst.size()).clear();
            } else {
                newestFirst.add(found);
            }
        }
        return newestFirst.reversed();
    }

    private static Path name(Path current, int index) {
        return index == 0 ? current : current.resolveSibling(current.getFileName() + "." + index);
    }

    /** The file that was written after this one, if this one has been rotated away. */
    Optional<LogFile> successor(Path current) throws IOException {
        if (inode(current).filter(inode::equals).isPresent()) {
            return Optional.empty();
        }
        int oldest = 0;
        for (int index = 1; index <= MOST_ROTATIONS; index++) {
            Optional<Object> there = inode(name(current, index));
            if (there.isEmpty()) {
                break;
            }
            if (there.get().equals(inode)) {
                return open(name(current, index - 1)).filter(next -> !next.inode.equals(inode));
            }
            oldest = index;
        }
        // Rotated out of existence while it was read: go on with the oldest that is left.
        return open(name(current, oldest));
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
