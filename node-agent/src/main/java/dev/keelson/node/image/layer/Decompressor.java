package dev.keelson.node.image.layer;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** Tells gzip, zstd and plain bytes apart by how they begin, because media types and file names are often wrong. */
public final class Decompressor {
    private static final int BUFFER = 64 * 1024;

    private Decompressor() {}

    /** The uncompressed bytes of a stream. */
    public static InputStream open(InputStream raw) throws IOException {
        BufferedInputStream in = new BufferedInputStream(raw, BUFFER);
        in.mark(4);
        byte[] start = in.readNBytes(4);
        in.reset();
        if (start.length >= 2 && start[0] == 0x1f && start[1] == (byte) 0x8b) {
            return new GZIPInputStream(in, BUFFER);
        }
        if (start.length == 4 && isZstd(start)) {
            return new ZstdInputStream(in);
        }
        return in;
    }

    /** A zstd frame, or a skippable frame, which chunked zstd layers begin with (RFC 8878). */
    private static boolean isZstd(byte[] start) {
        boolean frame = start[0] == 0x28 && start[1] == (byte) 0xb5 && start[2] == 0x2f && start[3] == (byte) 0xfd;
        boolean skippable = (start[0] & 0xf0) == 0x50 && start[1] == 0x2a && start[2] == 0x4d && start[3] == 0x18;
        return frame || skippable;
    }
}
