package dev.keelson.node.image.layer;

import dev.keelson.node.image.ImageLimits;
import dev.keelson.node.image.content.ContentStore;
import dev.keelson.node.image.content.Leases;
import dev.keelson.node.image.layer.Snapshotter.Layer;
import dev.keelson.node.image.oci.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Unpacks layers, one on top of the other, in a directory of its own. */
final class LayerFixture {
    private final Path root;
    private final ContentStore content;
    private final Snapshotter snapshots;
    private final List<Digest> blobs = new ArrayList<>();
    private final List<Digest> diffIds = new ArrayList<>();
    private ImageLimits limits = ImageLimits.DEFAULT.withReservedDiskBytes(0);

    LayerFixture(Path root) throws IOException {
        this.root = root;
        this.content = new ContentStore(root, 0);
        this.snapshots = new Snapshotter(root, content, "this boot");
    }

    LayerFixture limits(ImageLimits other) {
        limits = other;
        return this;
    }

    /** Unpacks a plain tar as the next layer; answers its directory. */
    Path add(byte[] tar) throws IOException {
        return add(tar, tar);
    }

    /** Unpacks a compressed tar as the next layer. */
    Path add(byte[] blob, byte[] tar) throws IOException {
        try (Leases.Lease lease = new Leases().open()) {
            blobs.add(content.put(blob, lease));
        }
        diffIds.add(Digest.sha256(tar));
        List<Layer> layers = Layer.chain(blobs, diffIds);
        try {
            snapshots.unpack(layers, new UnpackBudget(limits, content.reserve()), "test");
        } catch (RuntimeException e) {
            blobs.removeLast();
            diffIds.removeLast();
            throw e;
        }
        return root.resolve("snapshots").resolve(layers.getLast().chainId().hex());
    }

    List<Path> directories() {
        return snapshots.directories(Layer.chain(blobs, diffIds));
    }

    /** What is in the snapshots directory: after a refusal, nothing new. */
    List<Path> snapshots() throws IOException {
        try (Stream<Path> files = Files.list(root.resolve("snapshots"))) {
            return files.toList();
        }
    }
}
