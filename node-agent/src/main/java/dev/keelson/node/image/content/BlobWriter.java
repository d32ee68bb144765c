package dev.keelson.node.image.content;

import dev.keelson.node.image.ImageErrors;
import dev.keelson.node.image.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/**
 * A blob on its way into the store: hashed while it is written, given its name only when the hash is right. Closing
 * without a commit removes what was written, unless it is kept for a later attempt.
 */
public final class BlobWriter implements AutoCloseable {
    private static final int CHUNK = 256 * 1024;

    private final ContentStore store;
    private final Path temporary;
    private final MessageDigest hash;
    private final String algorithm;
    private FileChannel channel;
    private final DiskReserve.Meter meter;
    private long written;
    private boolean keep;

    BlobWriter(ContentStore store, Path temporary, String algorithm, MessageDigest hash, DiskReserve reserve)
            throws IOException {
        this.store = store;
        this.temporary = temporary;
        this.algorithm = algorithm;
        this.hash = hash;
        this.meter = reserve.meter();
        this.channel = open(temporary);
        hashWhatIsThere();
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private void hashWhatIsThere() throws IOException {
        byte[] buffer = new byte[CHUNK];
        try (InputStream in = Files.newInputStream(temporary)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                hash.update(buffer, 0, count);
                written += count;
            }
        }
        channel.position(written);
    }

    /** Bytes that are here already; a resumed download goes on from this offset. */
    public long written() {
        return written;
    }

    public void write(byte[] bytes, int offset, int length) throws IOException {
        meter.beforeWriting(length);
        ByteBuffer rest = ByteBuffer.wrap(bytes, offset, length);
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
        hash.update(bytes, offset, length);
        written += length;
        store.arrivals().signal();
    }

    /** Copies a stream to its end, or until more than {@code most} bytes came. */
    public void writeAll(InputStream in, long most, String what) throws IOException {
        byte[] buffer = new byte[CHUNK];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            if (written + count > most) {
                throw ImageErrors.corrupt(what + " is longer than " + most + " bytes");
            }
            write(buffer, 0, count);
        }
    }

    /**
     * Starts again from nothing, for a server that cannot continue. In a new file: who reads along must never mix the old
     * bytes with the new.
     */
    public void restart() throws IOException {
        channel.close();
        Files.deleteIfExists(temporary);
        channel = open(temporary);
        hash.reset();
        written = 0;
    }

    /** What was written stays for {@link ContentStore#resume} if it is not committed. */
    public void keepForLater() {
        keep = true;
    }

    /** Checks hash and length and makes the blob part of the store, durably. */
    public void commit(Digest expected, long size, String what) throws IOException {
        Digest actual = Digest.of(algorithm, hash.digest());
        if (written != size || !actual.equals(expected)) {
            keep = false;
            throw ImageErrors.corrupt("%s is not what its digest says: expected %s with %d bytes, got %s with %d bytes"
                    .formatted(what, expected, size, actual, written));
        }
        finish(actual);
    }

    /** Makes the blob part of the store under whatever digest it has, and protects it before it is there. */
    Digest commit(Leases.Lease lease) throws IOException {
        Digest actual = Digest.of(algorithm, hash.digest());
        lease.protect(actual);
        finish(actual);
        return actual;
    }

    private void finish(Digest digest) throws IOException {
        channel.force(true);
        keep = true;
        DurableFiles.rename(temporary, store.path(digest));
    }

    @Override
    public void close() throws IOException {
        channel.close();
        if (!keep || written == 0) {
            Files.deleteIfExists(temporary);
        }
    }
}
