package dev.keelson.node.image;

import dev.keelson.node.image.content.ContentStore;
import dev.keelson.node.image.content.Leases;
import dev.keelson.node.image.layer.Snapshotter;
import dev.keelson.node.image.oci.Digest;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Removes content that no image and no running operation needs. */
final class GarbageCollector {
    private final ImageCatalog catalog;
    private final ContentStore content;
    private final Snapshotter snapshots;
    private final Leases leases;

    GarbageCollector(ImageCatalog catalog, ContentStore content, Snapshotter snapshots, Leases leases) {
        this.catalog = catalog;
        this.content = content;
        this.snapshots = snapshots;
        this.leases = leases;
    }

    private record Swept(List<Path> detachedLayers, long freedBytes) {}

    /** One sweep; answers the bytes of the blobs that it removed. */
    long sweep() {
        Swept swept = leases.decide(held -> new Swept(detachLayers(held), deleteBlobs(held)));
        // Large trees take their time, and nobody needs to wait for it.
        swept.detachedLayers().forEach(snapshots::discard);
        return swept.freedBytes();
    }

    private List<Path> detachLayers(Predicate<Digest> held) {
        Set<Digest> needed = catalog.neededLayers();
        return snapshots.list().stream()
                .filter(chain -> !needed.contains(chain) && !held.test(chain))
                .map(snapshots::detach)
                .toList();
    }

    private long deleteBlobs(Predicate<Digest> held) {
        Set<Digest> needed = catalog.neededBlobs();
        long freed = 0;
        for (Digest blob : content.list()) {
            if (!needed.contains(blob) && !held.test(blob)) {
                freed += content.size(blob);
                content.delete(blob);
            }
        }
        return freed;
    }
}
