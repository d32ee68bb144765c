package dev.keelson.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import jnr.ffi.annotations.Out;

/** How full a file system is, statvfs(3); {@code availableBytes} is what users that are not root may still write. */
public record FileSystemUse(long capacityBytes, long freeBytes, long availableBytes, long inodes, long inodesFree) {
    private static final Calls CALLS = Native.load(Calls.class);
    private static final int SIZE = 112;
    /** Where the 64-bit structure has its fields; all are eight bytes. */
    private static final int FRAGMENT = 8;

    private static final int BLOCKS = 16;
    private static final int BLOCKS_FREE = 24;
    private static final int BLOCKS_AVAILABLE = 32;
    private static final int FILES = 40;
    private static final int FILES_FREE = 48;

    /** The calls of this record. */
    public interface Calls {
        int statvfs(String path, @Out byte[] use);
    }

    /** Of the file system that {@code path} is on. */
    public static FileSystemUse of(Path path) {
        byte[] bytes = new byte[SIZE];
        Native.check(CALLS.statvfs(Native.text(path), bytes), "cannot see how full " + path + " is");
        ByteBuffer fields = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        long fragment = fields.getLong(FRAGMENT);
        return new FileSystemUse(
                fields.getLong(BLOCKS) * fragment,
                fields.getLong(BLOCKS_FREE) * fragment,
                fields.getLong(BLOCKS_AVAILABLE) * fragment,
                fields.getLong(FILES),
                fields.getLong(FILES_FREE));
    }

    public long usedBytes() {
        return capacityBytes - freeBytes;
    }

    public long inodesUsed() {
        return inodes - inodesFree;
    }
}
