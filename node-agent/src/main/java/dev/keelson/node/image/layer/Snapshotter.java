package dev.keelson.node.image.layer;

import dev.keelson.linux.FileTree;
import dev.keelson.linux.FileTree.Failure;
import dev.keelson.node.image.ImageErrors;
import dev.keelson.node.image.content.ArrivingBlob;
import dev.keelson.node.image.content.ContentStore;
import dev.keelson.node.image.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import java.util.zip.ZipException;

/**
 * Unpacked layers, each once, shared by every image that has the same layers below it. A layer's directory is named by
 * its chain id and appears whole or not at all, and still does when the machine has crashed ({@link UnsyncedLayers}). Safe
 * for concurrent use.
 */
public final class Snapshotter implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Snapshotter.class.getName());
    private static final String UNFINISHED = "unfinished-";
    private static final byte[] OPAQUE = EntryPath.bytes("trusted.overlay.opaque");

    private final Path root;
    private final ContentStore content;
    private final UnsyncedLayers unsynced;
    private final Map<Digest, ReentrantLock> locks = new ConcurrentHashMap<>();

    /** One layer to unpack: where its bytes are and what they must be once uncompressed. */
    public record Layer(Digest blob, Digest diffId, Digest chainId) {

        /** The layers of an image with their chain ids, lowest first. */
        public static List<Layer> chain(List<Digest> blobs, List<Digest> diffIds) {
            List<Layer> layers = new ArrayList<>();
            for (int i = 0; i < blobs.size(); i++) {
                Digest diffId = diffIds.get(i);
                Digest chainId = i == 0
                        ? diffId.firstChain()
                        : layers.get(i - 1).chainId().chain(diffId);
                layers.add(new Layer(blobs.get(i), diffId, chainId));
            }
            return layers;
        }
    }

    /**
     * @param images the images directory; {@code snapshots} is made in it and cleared of unfinished work
     * @param bootId the boot of the machine, so that after a crash layers are not trusted that it may have cut short
     */
    public Snapshotter(Path images, ContentStore content, String bootId) throws IOException {
        this.root = images.resolve("snapshots");
        this.content = content;
        // Closed to everybody else: layers hold setuid programs that nobody on the host may run.
        if (!Files.isDirectory(root)) {
            Files.createDirectories(
                    root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        try (FileTree tree = FileTree.open(root)) {
            tree.top().spreadSubdirectories();
        }
        removeUnfinished();
        unsynced = new UnsyncedLayers(images.resolve("unsynced"), root, bootId);
        for (UnsyncedLayers.Doubtful layer : unsynced.resume()) {
            removeDoubtful(layer);
        }
    }

    private void removeDoubtful(UnsyncedLayers.Doubtful layer) throws IOException {
        if (Files.isDirectory(path(layer.chainId()))) {
            LOG.log(
                    Level.WARNING,
                    "removed layer={0} reason=\"the machine went down before all of it was on the disk\"",
                    layer.chainId());
            TreeRemover.remove(detach(layer.chainId()));
        }
        layer.forget();
    }

    private void removeUnfinished() throws IOException {
        for (Path directory : children()) {
            if (directory.getFileName().toString().startsWith(UNFINISHED)) {
                TreeRemover.remove(directory);
            }
        }
    }

    /** Whether the layer is unpacked here. */
    public boolean contains(Layer layer) {
        return Files.isDirectory(path(layer.chainId()));
    }

    /** Directories of unpacked layers, lowest first, for overlayfs: those below an opaque top are left out. */
    public List<Path> directories(List<Layer> layers) {
        List<Path> visible = new ArrayList<>();
        for (Layer layer : layers) {
            Path directory = path(layer.chainId());
            // Overlayfs heeds the mark on every directory but the top, which it always merges.
            if (!visible.isEmpty() && isOpaque(directory)) {
                visible.clear();
            }
            visible.add(directory);
        }
        return List.copyOf(visible);
    }

    private static boolean isOpaque(Path directory) {
        try (FileTree tree = FileTree.open(directory)) {
            return tree.top().xattr(OPAQUE).isPresent();
        } catch (Failure e) {
            throw ImageErrors.local("look at layer " + directory, e);
        }
    }

    /** Like the other, for a layer of which the blob is in the content store. */
    public void unpack(List<Layer> upTo, UnpackBudget budget, String image) {
        unpack(upTo, CompletableFuture.completedFuture(null), budget, image);
    }

    /**
     * Unpacks the last of the layers on top of the others, which are unpacked already. Its blob may still be arriving: it
     * is unpacked meanwhile, and what proves it right is its {@code diff_id}.
     *
     * @param arrival of the blob
     * @param image what the layer belongs to, for messages
     */
    public void unpack(List<Layer> upTo, CompletableFuture<Void> arrival, UnpackBudget budget, String image) {
        Layer layer = upTo.getLast();
        ReentrantLock lock = locks.computeIfAbsent(layer.chainId(), id -> new ReentrantLock());
        lock.lock();
        try {
            if (!contains(layer)) {
                List<Path> below = directories(upTo.subList(0, upTo.size() - 1));
                // Once more when what was read was not what came in the end: now the whole blob is here, verified.
                boolean unpacked = unpackNow(layer, below, arrival, budget, image)
                        || unpackNow(layer, below, CompletableFuture.completedFuture(null), budget, image);
                if (!unpacked) {
                    throw ImageErrors.corrupt("blob %s of %s changed while it was read".formatted(layer.blob(), image));
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Answers false when the blob's arrival was begun anew meanwhile, and it has to be read from the start. */
    private boolean unpackNow(
            Layer layer, List<Path> below, CompletableFuture<Void> arrival, UnpackBudget budget, String image) {
        long started = System.nanoTime();
        String what = "layer %s of %s".formatted(layer.blob(), image);
        Path work = root.resolve(UNFINISHED + UUID.randomUUID());
        try {
            Path directory = Files.createDirectories(work.resolve("layer"));
            Files.createDirectories(work.resolve("replaced"));
            unsynced.begin(layer.chainId());
            fill(work, layer, below, arrival, budget, what);
            Files.move(directory, path(layer.chainId()), StandardCopyOption.ATOMIC_MOVE);
            unsynced.finish(layer.chainId());
            LOG.log(
                    Level.DEBUG,
                    "unpacked layer={0} image={1} took={2}ms",
                    layer.diffId(),
                    image,
                    Long.toString((System.nanoTime() - started) / 1_000_000));
            return true;
        } catch (ArrivingBlob.BeganAnewException e) {
            return false;
        } catch (TarFormatException | java.io.EOFException | ZipException e) {
            throw ImageErrors.corrupt(what + " is refused: " + e.getMessage(), e);
        } catch (com.github.luben.zstd.ZstdIOException e) {
            throw ImageErrors.corrupt(what + " is damaged: " + e.getMessage(), e);
        } catch (IOException e) {
            throw ImageErrors.local("unpack " + what, e);
        } finally {
            discard(work);
            if (!contains(layer)) {
                unsynced.abandon(layer.chainId());
            }
        }
    }

    private void fill(
            Path work, Layer layer, List<Path> below, CompletableFuture<Void> arrival, UnpackBudget budget, String what)
            throws IOException {
        try (LowerLayers lower = new LowerLayers(below);
                FileTree target = FileTree.open(work.resolve("layer"));
                FileTree replaced = FileTree.open(work.resolve("replaced"));
                LayerTree tree = new LayerTree(target, replaced.top(), lower, budget);
                InputStream blob = content.openArriving(layer.blob(), arrival);
                CountingInputStream compressed = new CountingInputStream(blob);
                InputStream plain = new ReadAhead(() -> budget.limitRatio(Decompressor.open(compressed), compressed));
                DigestInputStream hashed =
                        new DigestInputStream(plain, layer.diffId().newMessageDigest())) {
            new LayerUnpacker(tree, lower, budget).unpack(new TarReader(hashed));
            // The digest covers what stands behind the archive's end, too.
            hashed.transferTo(java.io.OutputStream.nullOutputStream());
            Digest actual = Digest.of(
                    layer.diffId().algorithm(), hashed.getMessageDigest().digest());
            if (!actual.equals(layer.diffId())) {
                throw ImageErrors.corrupt(
                        "%s does not unpack to what the image's configuration says: diff_id %s expected, got %s"
                                .formatted(what, layer.diffId(), actual));
            }
        }
    }

    /** Takes a layer away in one step; what is answered is garbage for {@link #discard}, or for the next start. */
    public Path detach(Digest chainId) {
        Path work = root.resolve(UNFINISHED + UUID.randomUUID());
        try {
            Files.createDirectory(work);
            return Files.move(path(chainId), work.resolve("layer")).getParent();
        } catch (IOException e) {
            throw ImageErrors.local("detach layer " + chainId, e);
        }
    }

    /** Chain ids of all layers that are unpacked here. */
    public List<Digest> list() {
        try {
            return children().stream()
                    .map(path -> path.getFileName().toString())
                    .filter(name -> !name.startsWith(UNFINISHED))
                    .map(name -> new Digest("sha256", name))
                    .toList();
        } catch (IOException e) {
            throw ImageErrors.local("list layers", e);
        }
    }

    private Path path(Digest chainId) {
        return root.resolve(chainId.hex());
    }

    private List<Path> children() throws IOException {
        try (Stream<Path> files = Files.list(root)) {
            return files.toList();
        }
    }

    /** Waits until the disk has what was unpacked. */
    @Override
    public void close() {
        unsynced.close();
    }

    /** Removes what {@link #detach} answered, or unfinished work. */
    public void discard(Path work) {
        try {
            TreeRemover.remove(work);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "cannot remove " + work + ", the next start tries again: " + e.getMessage());
        }
    }
}
