package dev.keelson.linux;

import static dev.keelson.linux.FileTreeCalls.*;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a directory and everything below it takes on its file system, as {@code du -sx} counts it: blocks, so that holes
 * are nothing; a file with several names once; nothing of other file systems. Strangers may change the tree meanwhile: it
 * is walked by descriptors, and links are counted, not followed.
 */
public record DiskUse(long bytes, long inodes) {
    public static final DiskUse NONE = new DiskUse(0, 0);

    private static final int BLOCK = 512;
    private static final int NAMES = 32 * 1024;
    /** Below this depth directories are counted without what is in them; each level holds a descriptor. */
    private static final int DEEPEST = 512;

    public DiskUse plus(DiskUse other) {
        return new DiskUse(bytes + other.bytes, inodes + other.inodes);
    }

    /** Nothing when there is no such directory. Calls the kernel for every file: not for virtual threads. */
    public static DiskUse of(Path directory) {
        byte[] path = directory.toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8);
        int top = open(AT_FDCWD, path);
        return top < 0 ? NONE : new Walk(top).run();
    }

    private static int open(int parent, byte[] name) {
        return LIBC.openat(parent, terminated(name), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
    }

    private static byte[] terminated(byte[] name) {
        return Arrays.copyOf(name, name.length + 1);
    }

    /** An open directory and the directories in it that are still to be walked. */
    private record Level(int fd, Deque<byte[]> waiting) {}

    private static final class Walk {
        private final Deque<Level> levels = new ArrayDeque<>();
        private final Set<Long> seen = new HashSet<>();
        private final byte[] entries = new byte[NAMES];
        private final byte[] node = new byte[256];
        private final ByteBuffer fields = ByteBuffer.wrap(node).order(ByteOrder.nativeOrder());
        private final long device;
        private long bytes;
        private long inodes;

        Walk(int top) {
            stat(top, new byte[0], AT_EMPTY_PATH);
            device = device();
            count();
            enter(top);
        }

        DiskUse run() {
            while (!levels.isEmpty()) {
                Level level = levels.peek();
                byte[] next = level.waiting().poll();
                if (next == null) {
                    LIBC.close(levels.pop().fd());
                } else {
                    // What has gone meanwhile, or become something else, takes nothing.
                    int fd = open(level.fd(), next);
                    if (fd >= 0) {
                        enter(fd);
                    }
                }
            }
            return new DiskUse(bytes, inodes);
        }

        private void enter(int fd) {
            Deque<byte[]> directories = new ArrayDeque<>();
            long read = LIBC.syscall(SYS_GETDENTS64, fd, entries, NAMES);
            while (read > 0) {
                for (byte[] name : names((int) read)) {
                    if (look(fd, name)) {
                        directories.add(name);
                    }
                }
                read = LIBC.syscall(SYS_GETDENTS64, fd, entries, NAMES);
            }
            levels.push(new Level(fd, levels.size() < DEEPEST ? directories : new ArrayDeque<>()));
        }

        /** Counts a name; answers whether it is a directory to walk. */
        private boolean look(int fd, byte[] name) {
            if (!stat(fd, name, AT_SYMLINK_NOFOLLOW) || device() != device) {
                return false;
            }
            boolean directory = (fields.getShort(28) & 0170000) == 0040000;
            boolean counted = directory || fields.getInt(16) < 2 || seen.add(fields.getLong(32));
            if (counted) {
                count();
            }
            return directory;
        }

        private void count() {
            bytes += fields.getLong(48) * BLOCK;
            inodes++;
        }

        private boolean stat(int fd, byte[] name, int flags) {
            return LIBC.statx(fd, terminated(name), flags, STATX_BASIC_STATS, node) >= 0;
        }

        private long device() {
            return ((long) fields.getInt(136) << 32) | fields.getInt(140) & 0xffffffffL;
        }

        /** Names of a getdents64(2) answer, without the directory itself and the one above. */
        private List<byte[]> names(int length) {
            ByteBuffer in = ByteBuffer.wrap(entries, 0, length).order(ByteOrder.nativeOrder());
            List<byte[]> names = new ArrayList<>();
            int at = 0;
            while (at < length) {
                int size = in.getShort(at + 16) & 0xffff;
                int end = at + 19;
                while (entries[end] != 0) {
                    end++;
                }
                byte[] name = Arrays.copyOfRange(entries, at + 19, end);
                boolean dots = name.length <= 2 && name[0] == '.' && name[name.length - 1] == '.';
                if (!dots) {
                    names.add(name);
                }
                at += size;
            }
            return names;
        }
    }
}
