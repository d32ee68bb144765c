package dev.keelson.node.image.content;

import dev.keelson.node.image.ImageErrors;
import dev.keelson.node.image.content.Leases.Lease;
import dev.keelson.node.image.oci.Descriptor;
import dev.keelson.node.image.oci.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * Blobs by their digest, laid out like the {@code blobs} directory of an OCI layout. A blob that is here was verified
 * while it was written. Safe for concurrent use.
 */
public final class ContentStore {
    /** A download that nobody took up again for this long is garbage. */
    private static final Duration PARTIAL_LIFETIME = Duration.ofDays(1);

    private static final String PARTIAL = ".partial";

    private final Path blobs;
    private final Path incoming;
    private final DiskReserve reserve;
    private final Arrivals arrivals = new Arrivals();

    /** @param root the images directory; {@code blobs} and {@code incoming} are made in it */
    public ContentStore(Path root, long reservedDiskBytes) throws IOException {
        this.blobs = root.resolve("blobs");
        this.incoming = root.resolve("incoming");
        this.reserve = new DiskReserve(root, reservedDiskBytes);
        Files.createDirectories(blobs.resolve("sha256"));
        Files.createDirectories(blobs.resolve("sha512"));
        Files.createDirectories(incoming);
        removeLeftovers();
    }

    private void removeLeftovers() throws IOException {
        Instant oldest = Instant.now().minus(PARTIAL_LIFETIME);
        for (Path file : children(incoming)) {
            boolean partial = file.getFileName().toString().endsWith(PARTIAL);
            if (!partial || Files.getLastModifiedTime(file).toInstant().isBefore(oldest)) {
                Files.delete(file);
            }
        }
    }

    /** What image content leaves free on this store's disk. */
    public DiskReserve reserve() {
        return reserve;
    }

    Path path(Digest digest) {
        return blobs.resolve(digest.algorithm()).resolve(digest.hex());
    }

    public boolean contains(Digest digest) {
        return Files.isRegularFile(path(digest));
    }

    /** Length in bytes of a blob that is here. */
    public long size(Digest digest) {
        try {
            return Files.size(path(digest));
        } catch (IOException e) {
            throw missing(digest, e);
        }
    }

    /** When the blob came here, or what {@link #setTime} made of it. */
    public Instant time(Digest digest) {
        try {
            return Files.getLastModifiedTime(path(digest)).toInstant();
        } catch (IOException e) {
            throw missing(digest, e);
        }
    }

    public void setTime(Digest digest, Instant time) {
        try {
            Files.setLastModifiedTime(path(digest), FileTime.from(time));
        } catch (IOException e) {
            throw missing(digest, e);
        }
    }

    public InputStream open(Digest digest) {
        try {
            return Files.newInputStream(path(digest));
        } catch (IOException e) {
            throw missing(digest, e);
        }
    }

    /**
     * Reads a blob that somebody is bringing with {@link #resume}, or that is here already.
     *
     * @param arrival completes when it is here, or fails with the reason why it does not come
     */
    public ArrivingBlob openArriving(Digest digest, CompletableFuture<Void> arrival) {
        arrival.whenComplete((done, failure) -> arrivals.signal());
        return new ArrivingBlob(this, digest, arrival);
    }

    /** The file that the blob is in, or is being written to. */
    Optional<FileChannel> openArriving(Digest digest) throws IOException {
        // The blob twice: it may just have taken the place of its partial file.
        for (Path file : List.of(path(digest), partial(digest), path(digest))) {
            try {
                return Optional.of(FileChannel.open(file, StandardOpenOption.READ));
            } catch (NoSuchFileException notThere) {
                continue;
            }
        }
        return Optional.empty();
    }

    Arrivals arrivals() {
        return arrivals;
    }

    /** Reads a blob that must fit in memory. */
    public byte[] read(Digest digest, long most, String what) {
        try (InputStream in = open(digest)) {
            byte[] content = in.readNBytes((int) Math.min(most + 1, Integer.MAX_VALUE));
            if (content.length > most) {
                throw ImageErrors.refused("%s %s is larger than %d bytes".formatted(what, digest, most));
            }
            return content;
        } catch (IOException e) {
            throw ImageErrors.local("read " + what + " " + digest, e);
        }
    }

    /** Stores a stream that must be exactly the described content. */
    public void put(Descriptor descriptor, InputStream in, String what) throws IOException {
        if (contains(descriptor.digest())) {
            return;
        }
        Path temporary = incoming.resolve(UUID.randomUUID().toString());
        try (BlobWriter writer = writer(temporary, descriptor.digest())) {
            writer.writeAll(in, descriptor.size(), what);
            writer.commit(descriptor.digest(), descriptor.size(), what);
        }
    }

    /** Stores a stream of unknown content, protected by the lease; answers its SHA-256 digest. */
    public Digest put(InputStream in, Lease lease) throws IOException {
        Path temporary = incoming.resolve(UUID.randomUUID().toString());
        try (BlobWriter writer = new BlobWriter(this, temporary, "sha256", Digest.newSha256(), reserve)) {
            writer.writeAll(in, Long.MAX_VALUE, "blob");
            return writer.commit(lease);
        }
    }

    public Digest put(byte[] blob, Lease lease) throws IOException {
        return put(new ByteArrayInputStream(blob), lease);
    }

    /** Goes on with the download of a blob where the last attempt stopped. One writer per digest at a time. */
    public BlobWriter resume(Digest digest) throws IOException {
        BlobWriter writer = writer(partial(digest), digest);
        writer.keepForLater();
        return writer;
    }

    private Path partial(Digest digest) {
        return incoming.resolve(digest.hex() + PARTIAL);
    }

    private BlobWriter writer(Path temporary, Digest digest) throws IOException {
        return new BlobWriter(this, temporary, digest.algorithm(), digest.newMessageDigest(), reserve);
    }

    public void delete(Digest digest) {
        try {
            Files.deleteIfExists(path(digest));
        } catch (IOException e) {
            throw ImageErrors.local("delete blob " + digest, e);
        }
    }

    public List<Digest> list() {
        List<Digest> digests = new ArrayList<>();
        try {
            for (String algorithm : List.of("sha256", "sha512")) {
                for (Path file : children(blobs.resolve(algorithm))) {
                    digests.add(new Digest(algorithm, file.getFileName().toString()));
                }
            }
        } catch (IOException e) {
            throw ImageErrors.local("list blobs", e);
        }
        return digests;
    }

    private static List<Path> children(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    private static RuntimeException missing(Digest digest, IOException cause) {
        if (cause instanceof NoSuchFileException) {
            return ImageErrors.notFound("blob " + digest + " is not on this node");
        }
        return ImageErrors.local("open blob " + digest, cause);
    }
}
