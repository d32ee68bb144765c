package dev.keelson.node.image;

import dev.keelson.node.NodeException;
import dev.keelson.node.image.content.ContentStore;
import dev.keelson.node.image.content.Leases.Lease;
import dev.keelson.node.image.layer.Snapshotter;
import dev.keelson.node.image.layer.Snapshotter.Layer;
import dev.keelson.node.image.layer.UnpackBudget;
import dev.keelson.node.image.oci.ConfigFile;
import dev.keelson.node.image.oci.Descriptor;
import dev.keelson.node.image.oci.Digest;
import dev.keelson.node.image.oci.ManifestDocument;
import dev.keelson.node.image.oci.ManifestDocument.ImageIndex;
import dev.keelson.node.image.oci.ManifestDocument.ImageManifest;
import dev.keelson.node.image.oci.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;

/**
 * Brings one image from a source to this node: index, manifest, configuration, layers, and the layers unpacked. Layers
 * are fetched a few at a time and unpacked in order while they arrive.
 */
final class ImageImporter {
    private static final int PARALLEL_FETCHES = 3;
    /** An index may point to an index (image-index.md), but nobody nests deeper than this. */
    private static final int MAX_INDEX_DEPTH = 4;

    private final ContentStore content;
    private final Snapshotter snapshots;
    private final ImageLimits limits;
    private final Platform platform;
    private final ExecutorService executor;

    ImageImporter(
            ContentStore content,
            Snapshotter snapshots,
            ImageLimits limits,
            Platform platform,
            ExecutorService executor) {
        this.content = content;
        this.snapshots = snapshots;
        this.limits = limits;
        this.platform = platform;
        this.executor = executor;
    }

    /**
     * Imports what the descriptor points to; everything that it needs is protected by the lease.
     *
     * @param name what the image is called, for messages
     */
    ImportedImage bring(Descriptor top, BlobSource source, Lease lease, String name) {
        Descriptor descriptor = top;
        for (int depth = 0; depth < MAX_INDEX_DEPTH; depth++) {
            String document = "manifest %s of %s".formatted(descriptor.digest(), name);
            fetchManifest(descriptor, source, lease, document);
            byte[] json = content.read(descriptor.digest(), limits.manifestBytes(), document);
            switch (ManifestDocument.parse(document, json, descriptor.mediaType())) {
                case ImageIndex index -> descriptor = index.choose(platform, name);
                case ImageManifest manifest -> {
                    return bring(descriptor.digest(), manifest, source, lease, name);
                }
            }
        }
        throw ImageErrors.corrupt(name + " is an index of indexes, nested too deeply; it is refused");
    }

    /** Reads an image of which manifest and configuration are on this node. */
    ImportedImage read(Digest manifestDigest) {
        String document = "manifest " + manifestDigest;
        byte[] json = content.read(manifestDigest, limits.manifestBytes(), document);
        if (!(ManifestDocument.parse(document, json, "") instanceof ImageManifest manifest)) {
            throw ImageErrors.corrupt(document + " is not the manifest of one image");
        }
        return describe(manifestDigest, manifest, document);
    }

    /** Unpacks layers of an image that are not unpacked, from content on this node. */
    void unpack(ImportedImage image, Lease lease, String name) {
        image.layers().forEach(layer -> lease.protect(layer.chainId()));
        UnpackBudget budget = new UnpackBudget(limits, content.reserve());
        for (int i = 0; i < image.layers().size(); i++) {
            snapshots.unpack(image.layers().subList(0, i + 1), budget, name);
        }
    }

    private ImportedImage bring(Digest digest, ImageManifest manifest, BlobSource source, Lease lease, String name) {
        fetch(manifest.config(), limits.configBytes(), source, lease, "configuration of " + name);
        ImportedImage image = describe(digest, manifest, name);
        if (!image.config().runsOn(platform)) {
            throw ImageErrors.refused("%s is for %s, and this node is %s; pull a build for %s"
                    .formatted(name, image.config().platform(), platform, platform));
        }
        image.blobs().forEach(lease::protect);
        image.layers().forEach(layer -> lease.protect(layer.chainId()));
        bringLayers(image, source, lease, name);
        return image;
    }

    private void bringLayers(ImportedImage image, BlobSource source, Lease lease, String name) {
        Semaphore slots = new Semaphore(PARALLEL_FETCHES, true);
        List<CompletableFuture<Void>> fetches = new ArrayList<>();
        List<Descriptor> layers = image.manifest().layers();
        for (int i = 0; i < layers.size(); i++) {
            Descriptor layer = layers.get(i);
            String what = "layer %d of %s".formatted(i + 1, name);
            fetches.add(CompletableFuture.runAsync(() -> fetchInSlot(slots, layer, source, lease, what), executor));
        }
        UnpackBudget budget = new UnpackBudget(limits, content.reserve());
        try {
            for (int i = 0; i < layers.size(); i++) {
                unpack(image.layers().subList(0, i + 1), fetches.get(i), budget, name);
            }
        } catch (RuntimeException e) {
            // What waits for a slot need not start any more; what runs ends by itself and can be resumed from.
            fetches.forEach(fetch -> fetch.cancel(false));
            throw e;
        }
    }

    private void unpack(List<Layer> upTo, CompletableFuture<Void> fetch, UnpackBudget budget, String name) {
        try {
            snapshots.unpack(upTo, fetch, budget, name);
        } catch (RuntimeException e) {
            // A blob that was damaged on its way does not unpack either; that it was damaged says more.
            await(fetch);
            throw e;
        }
        await(fetch);
    }

    private void fetchInSlot(Semaphore slots, Descriptor layer, BlobSource source, Lease lease, String what) {
        slots.acquireUninterruptibly();
        try {
            fetch(layer, Long.MAX_VALUE, source, lease, what);
        } finally {
            slots.release();
        }
    }

    private void fetchManifest(Descriptor descriptor, BlobSource source, Lease lease, String what) {
        checkSize(descriptor, limits.manifestBytes(), what);
        lease.protect(descriptor.digest());
        source.fetchManifest(descriptor, lease, what);
        checkStored(descriptor, what);
    }

    private void fetch(Descriptor descriptor, long most, BlobSource source, Lease lease, String what) {
        checkSize(descriptor, most, what);
        lease.protect(descriptor.digest());
        source.fetch(descriptor, what);
        checkStored(descriptor, what);
    }

    private static void checkSize(Descriptor descriptor, long most, String what) {
        if (descriptor.size() > most) {
            throw ImageErrors.refused(
                    "%s has %d bytes; at most %d are accepted".formatted(what, descriptor.size(), most));
        }
    }

    private void checkStored(Descriptor descriptor, String what) {
        long stored = content.size(descriptor.digest());
        if (stored != descriptor.size()) {
            throw ImageErrors.corrupt(
                    "%s has %d bytes, but its descriptor says %d".formatted(what, stored, descriptor.size()));
        }
    }

    private ImportedImage describe(Digest digest, ImageManifest manifest, String name) {
        String document = "configuration of " + name;
        byte[] json = content.read(manifest.config().digest(), limits.configBytes(), document);
        ConfigFile config = ConfigFile.parse(document, json);
        List<Digest> blobs = manifest.layers().stream().map(Descriptor::digest).toList();
        if (blobs.size() != config.diffIds().size()) {
            throw ImageErrors.corrupt("%s has %d layers, but its configuration lists %d diff_ids"
                    .formatted(name, blobs.size(), config.diffIds().size()));
        }
        if (blobs.isEmpty() || blobs.size() > limits.layers()) {
            throw ImageErrors.refused(
                    "%s has %d layers; 1 to %d are accepted".formatted(name, blobs.size(), limits.layers()));
        }
        return new ImportedImage(digest, manifest, config, Layer.chain(blobs, config.diffIds()));
    }

    private static void await(CompletableFuture<Void> fetch) {
        try {
            fetch.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof NodeException failure
                    ? failure
                    : new IllegalStateException("fetching a layer failed", e.getCause());
        }
    }
}
