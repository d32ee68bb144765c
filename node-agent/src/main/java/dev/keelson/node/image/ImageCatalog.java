package dev.keelson.node.image;

import dev.keelson.node.NodeException;
import dev.keelson.node.image.ImageStore.Names;
import dev.keelson.node.image.content.ContentStore;
import dev.keelson.node.image.content.Leases;
import dev.keelson.node.image.content.Leases.Lease;
import dev.keelson.node.image.layer.Snapshotter;
import dev.keelson.node.image.layer.Snapshotter.Layer;
import dev.keelson.node.image.oci.Digest;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** The images of this node by every name that people and pods use for them. */
final class ImageCatalog {
    private static final Logger LOG = System.getLogger(ImageCatalog.class.getName());
    private static final String ID = "sha256:";

    private final ImageStore store;
    private final ImageImporter importer;
    private final ContentStore content;
    private final Snapshotter snapshots;
    private final Map<Digest, ImportedImage> read = new ConcurrentHashMap<>();

    ImageCatalog(ImageStore store, ImageImporter importer, ContentStore content, Snapshotter snapshots) {
        this.store = store;
        this.importer = importer;
        this.content = content;
        this.snapshots = snapshots;
    }

    /** Manifest digests of all images, in a stable order. */
    Set<Digest> digests() {
        return new TreeSet<>(store.images().keySet());
    }

    /** The image that a reference, a digest or an id names. */
    Optional<Digest> find(String name) {
        if (name.startsWith(ID)) {
            return digests().stream()
                    .filter(digest -> name.equals(digest.toString())
                            || name.equals(get(digest).id()))
                    .findFirst();
        }
        return store.find(key(ImageReference.parse(name)));
    }

    Digest require(String name) {
        return find(name).orElseThrow(() -> ImageErrors.notFound("there is no image \"" + name + "\" on this node"));
    }

    /** How a reference is kept: by its digest where it has one, for a tag beside a digest decides nothing. */
    static String key(ImageReference reference) {
        return reference.digest().map(reference::withDigest).orElse(reference).toString();
    }

    Names names(Digest digest) {
        return store.images().getOrDefault(digest, Names.NONE);
    }

    ImportedImage get(Digest digest) {
        return read.computeIfAbsent(digest, importer::read);
    }

    Image describe(Digest digest) {
        ImportedImage image = get(digest);
        Names names = names(digest);
        return new Image(
                image.id(),
                names.references().stream().sorted().toList(),
                names.repoDigests().stream().sorted().toList(),
                image.manifest().totalSize(),
                snapshots.directories(image.layers()),
                image.config().config());
    }

    ImageSummary summary(Digest digest) {
        ImportedImage image = get(digest);
        Names names = names(digest);
        return new ImageSummary(
                image.id(),
                digest.toString(),
                names.references().stream().sorted().toList(),
                names.repoDigests().stream().sorted().toList(),
                image.manifest().totalSize(),
                image.config().created());
    }

    boolean isUnpacked(Digest digest) {
        return get(digest).layers().stream().allMatch(snapshots::contains);
    }

    void add(Map<Digest, Names> additions) {
        write(() -> store.put(additions));
    }

    void removeReference(Digest digest, String reference) {
        write(() -> store.removeReferences(digest, List.of(reference)));
    }

    void remove(Collection<Digest> digests) {
        write(() -> store.removeImages(digests));
        digests.forEach(read::remove);
    }

    /** Forgets images whose content is gone, and unpacks layers that are missing, such as after a lost directory. */
    void recover(Leases leases) {
        List<Digest> broken = new ArrayList<>();
        for (Digest digest : digests()) {
            try (Lease lease = leases.open()) {
                ImportedImage image = get(digest);
                image.blobs().forEach(content::size);
                importer.unpack(image, lease, digest.toString());
            } catch (NodeException e) {
                LOG.log(Level.WARNING, "forgot image={0} names={1} cause={2}", digest, names(digest), e.getMessage());
                broken.add(digest);
            }
        }
        remove(broken);
    }

    /** Every blob that some image needs. */
    Set<Digest> neededBlobs() {
        Set<Digest> blobs = new TreeSet<>();
        digests().forEach(digest -> get(digest).blobs().forEach(blobs::add));
        return blobs;
    }

    /** Every chain id of an unpacked layer that some image needs. */
    Set<Digest> neededLayers() {
        Set<Digest> chains = new TreeSet<>();
        digests()
                .forEach(digest ->
                        get(digest).layers().stream().map(Layer::chainId).forEach(chains::add));
        return chains;
    }

    private interface Write {
        void run() throws IOException;
    }

    private static void write(Write write) {
        try {
            write.run();
        } catch (IOException e) {
            throw ImageErrors.local("write the list of images", e);
        }
    }
}
