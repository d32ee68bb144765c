package dev.keelson.node.image;

import dev.keelson.node.NodeException;
import dev.keelson.node.NodeException.Kind;
import dev.keelson.node.image.ImageGcPlanner.Candidate;
import dev.keelson.node.image.ImageGcPlanner.Disk;
import dev.keelson.node.image.ImageGcPlanner.Plan;
import dev.keelson.node.image.ImageGcPlanner.Policy;
import dev.keelson.node.image.ImageService.Collected;
import dev.keelson.node.image.ImageService.Pruned;
import dev.keelson.node.image.oci.Digest;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Takes images away: one by its name, those that nobody uses, or as many as a full disk needs. */
final class ImageRemover {
    private final Path root;
    private final ImageCatalog catalog;
    private final GarbageCollector garbage;
    private final ImageUse use;
    private final Policy policy;
    private final Supplier<Set<String>> imagesInUse;

    ImageRemover(
            Path root,
            ImageCatalog catalog,
            GarbageCollector garbage,
            ImageUse use,
            Policy policy,
            Supplier<Set<String>> imagesInUse) {
        this.root = root;
        this.catalog = catalog;
        this.garbage = garbage;
        this.use = use;
        this.policy = policy;
        this.imagesInUse = imagesInUse;
    }

    void remove(String reference) {
        Digest digest = catalog.require(reference);
        Set<String> references = catalog.names(digest).references();
        boolean isOneOfSeveralNames = references.size() > 1
                && !reference.startsWith("sha256:")
                && references.contains(ImageCatalog.key(ImageReference.parse(reference)));
        if (isOneOfSeveralNames) {
            catalog.removeReference(digest, ImageCatalog.key(ImageReference.parse(reference)));
            return;
        }
        if (imagesInUse.get().contains(catalog.get(digest).id())) {
            throw new NodeException(
                    Kind.CONFLICT,
                    "ImageInUse",
                    "cannot remove %s: containers on this node run from it; delete their pods first"
                            .formatted(reference));
        }
        catalog.remove(Set.of(digest));
        garbage.sweep();
    }

    Pruned prune(boolean all) {
        Set<String> running = imagesInUse.get();
        List<Digest> unused = catalog.digests().stream()
                .filter(digest -> all || catalog.names(digest).references().isEmpty())
                .filter(digest -> !running.contains(catalog.get(digest).id()))
                .toList();
        List<ImageSummary> removed = unused.stream().map(catalog::summary).toList();
        catalog.remove(unused);
        return new Pruned(removed, garbage.sweep());
    }

    /** Looks at the disk, and removes unused images one after the other until it has room enough. */
    Collected collect() {
        Set<String> running = imagesInUse.get();
        List<Candidate> candidates = catalog.digests().stream()
                .map(digest -> new Candidate(
                        digest,
                        use.lastUsed(digest),
                        running.contains(catalog.get(digest).id())))
                .toList();
        candidates.stream().filter(Candidate::inUse).map(Candidate::digest).forEach(use::touch);
        use.keep();
        Plan plan = ImageGcPlanner.plan(policy, disk(), candidates, use.now());
        List<ImageSummary> removed = new ArrayList<>();
        for (Digest digest : plan.order()) {
            if (disk().available() >= plan.wantedAvailable()) {
                break;
            }
            removed.add(catalog.summary(digest));
            catalog.remove(Set.of(digest));
            garbage.sweep();
        }
        return new Collected(removed, plan.wantedAvailable(), disk().available());
    }

    private Disk disk() {
        try {
            FileStore store = Files.getFileStore(root);
            return new Disk(store.getTotalSpace(), store.getUsableSpace());
        } catch (IOException e) {
            throw ImageErrors.local("see how much room " + root + " has", e);
        }
    }
}
