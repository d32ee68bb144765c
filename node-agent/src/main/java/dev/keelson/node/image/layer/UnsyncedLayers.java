package dev.keelson.node.image.layer;

import dev.keelson.linux.FileTree;
import dev.keelson.node.image.content.DurableFiles;
import dev.keelson.node.image.oci.Digest;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Layers that the disk may not have whole yet. Each has a mark here, named by its chain id and by the boot of the machine
 * in which it was unpacked, from before its first byte until the disk has all of it; that is waited for in the background.
 * While the machine is up such a layer is whole, whichever process is killed (decision 0212). Safe for concurrent use.
 */
final class UnsyncedLayers implements AutoCloseable {
    private static final Logger LOG = System.getLogger(UnsyncedLayers.class.getName());
    /** A stop need not wait long: what keeps its mark is written out by the next process. */
    private static final int PATIENCE_SECONDS = 5;

    private final Path marks;
    private final Path layers;
    private final String bootId;
    private final Map<Digest, Long> waiting = new HashMap<>();
    private long unpacked;

    // No thread while there is nothing to write.
    private final ThreadPoolExecutor writer = new ThreadPoolExecutor(
            0,
            1,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("layer-sync").factory(),
            // What is finished after the end keeps its mark: the next process sees to it.
            new ThreadPoolExecutor.DiscardPolicy());

    /**
     * @param marks directory of the marks; made when it is not there
     * @param layers where layers are, on the file system that is written out
     */
    UnsyncedLayers(Path marks, Path layers, String bootId) throws IOException {
        this.marks = marks;
        this.layers = layers;
        this.bootId = bootId;
        Files.createDirectories(marks);
    }

    /** Marks a layer before anything of it is written; the mark is on the disk when this returns. */
    synchronized void begin(Digest chainId) throws IOException {
        waiting.remove(chainId);
        Path mark = mark(chainId);
        if (!Files.exists(mark)) {
            Files.createFile(mark);
            DurableFiles.syncDirectory(marks);
        }
    }

    /** The layer has its name: it is written out and loses its mark, some time after this returns. */
    void finish(Digest chainId) {
        synchronized (this) {
            waiting.put(chainId, ++unpacked);
        }
        writer.execute(this::writeOut);
    }

    /** Nothing came of it: a layer that is not there needs no mark. */
    synchronized void abandon(Digest chainId) {
        try {
            Files.deleteIfExists(mark(chainId));
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "mark stays until the next start layer={0} reason=\"{1}\"", chainId, e.getMessage());
        }
    }

    private void writeOut() {
        Map<Digest, Long> whole = whole();
        if (whole.isEmpty()) {
            return;
        }
        try (FileTree tree = FileTree.open(layers)) {
            tree.sync();
            settle(whole);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "layers not written out directory={0} reason=\"{1}\"", layers, e.getMessage());
        }
    }

    private synchronized Map<Digest, Long> whole() {
        return Map.copyOf(waiting);
    }

    /** Removes the marks of what was written out, unless it was removed and unpacked again meanwhile. */
    private synchronized void settle(Map<Digest, Long> written) throws IOException {
        for (Map.Entry<Digest, Long> layer : written.entrySet()) {
            if (waiting.remove(layer.getKey(), layer.getValue())) {
                Files.deleteIfExists(mark(layer.getKey()));
            }
        }
    }

    /**
     * Goes on where an earlier process stopped: what was unpacked in this boot is written out. Answers the layers of earlier
     * boots, of which nobody knows how much reached the disk, and forgets their marks once {@link Doubtful#forget} says so.
     */
    List<Doubtful> resume() throws IOException {
        List<Doubtful> doubtful = new ArrayList<>();
        for (Path mark : children()) {
            String name = mark.getFileName().toString();
            int dot = name.indexOf('.');
            Digest chainId = new Digest("sha256", name.substring(0, dot));
            if (!name.substring(dot + 1).equals(bootId)) {
                doubtful.add(new Doubtful(chainId, mark));
            } else if (Files.isDirectory(layers.resolve(chainId.hex()))) {
                finish(chainId);
            } else {
                Files.delete(mark);
            }
        }
        return doubtful;
    }

    /** A layer that the crash of the machine may have left incomplete. */
    record Doubtful(Digest chainId, Path mark) {
        /** Call it when the layer is gone. */
        void forget() throws IOException {
            Files.deleteIfExists(mark);
        }
    }

    private List<Path> children() throws IOException {
        try (Stream<Path> files = Files.list(marks)) {
            return files.toList();
        }
    }

    private Path mark(Digest chainId) {
        return marks.resolve(chainId.hex() + "." + bootId);
    }

    /** Waits a little for what is being written out. */
    @Override
    public void close() {
        writer.shutdown();
        try {
            if (!writer.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                LOG.log(Level.INFO, "layers are still being written out directory={0}", layers);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
