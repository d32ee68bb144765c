package dev.keelson.node.image.layer;

import dev.keelson.node.image.ImageLimits;
import dev.keelson.node.image.content.DiskReserve;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** What is left of the limits for one image while its layers are unpacked one after the other. */
public final class UnpackBudget {
    /** Names of directories are kept in memory until the end of a layer; this bounds them. */
    private static final long MAX_REMEMBERED = 64L << 20;

    private final ImageLimits limits;
    private final DiskReserve.Meter disk;
    private long unpacked;
    private long entries;
    private long remembered;

    public UnpackBudget(ImageLimits limits, DiskReserve reserve) {
        this.limits = limits;
        this.disk = reserve.meter();
    }

    void countEntry() throws TarFormatException {
        if (++entries > limits.entries()) {
            throw new TarFormatException(
                    "the image has more than %d files; it is refused as a bomb".formatted(limits.entries()));
        }
    }

    /** To be told the length of a file before it is written; holes count, because a copy of the file may fill them. */
    void countFile(long bytes) throws TarFormatException {
        if (bytes > limits.unpackedBytes() - unpacked) {
            throw new TarFormatException("the image unpacks to more than %d bytes; it is refused as a bomb"
                    .formatted(limits.unpackedBytes()));
        }
        unpacked += bytes;
    }

    void countWrite(int bytes) {
        disk.beforeWriting(bytes);
    }

    void countRemembered(int bytes) throws TarFormatException {
        remembered += bytes;
        if (remembered > MAX_REMEMBERED) {
            throw new TarFormatException("the names of the image's directories take more than %d bytes; it is refused"
                    .formatted(MAX_REMEMBERED));
        }
    }

    /** The uncompressed side of a layer, which fails once it has become too large for what it was made from. */
    InputStream limitRatio(InputStream uncompressed, CountingInputStream compressed) {
        return new FilterInputStream(uncompressed) {
            private long out;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int count = in.read(buffer, offset, length);
                out += Math.max(count, 0);
                if (out > limits.ratioFreeBytes() && out / limits.compressionRatio() > compressed.count()) {
                    throw new TarFormatException("it unpacks to more than %d times its size; it is refused as a bomb"
                            .formatted(limits.compressionRatio()));
                }
                // Headers and padding never become files, so the stream as a whole has the same limit as the files.
                if (out / 2 > limits.unpackedBytes()) {
                    throw new TarFormatException("it unpacks to more than %d bytes; it is refused as a bomb"
                            .formatted(limits.unpackedBytes()));
                }
                return count;
            }
        };
    }
}
