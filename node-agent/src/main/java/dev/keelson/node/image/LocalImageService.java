package dev.keelson.node.image;

import dev.keelson.node.NodeException;
import dev.keelson.node.NodeException.Kind;
import dev.keelson.node.image.ImageStore.Names;
import dev.keelson.node.image.archive.ArchiveLoader;
import dev.keelson.node.image.archive.ArchiveLoader.Opened;
import dev.keelson.node.image.archive.NamedManifest;
import dev.keelson.node.image.archive.OciArchiveWriter;
import dev.keelson.node.image.content.ContentStore;
import dev.keelson.node.image.content.Leases;
import dev.keelson.node.image.content.Leases.Lease;
import dev.keelson.node.image.layer.Snapshotter;
import dev.keelson.node.image.oci.Descriptor;
import dev.keelson.node.image.oci.Digest;
import dev.keelson.node.image.oci.Platform;
import dev.keelson.node.image.registry.RegistryClient;
import dev.keelson.node.image.registry.RegistryOptions;
import dev.keelson.node.image.registry.RegistrySession;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The node's own image store under one directory: blobs by digest, layers unpacked once, and a list of names. Everything
 * in it is whole at every moment; what a crash leaves unfinished is removed by the next start.
 */
public final class LocalImageService implements ImageService, AutoCloseable {
    private final ContentStore content;
    private final ImageCatalog catalog;
    private final ImageImporter importer;
    private final ArchiveLoader archives;
    private final GarbageCollector garbage;
    private final RegistryClient registries;
    private final SharedPulls pulls;
    private final Leases leases = new Leases();
    private final Supplier<Set<String>> imagesInUse;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    /**
     * Opens the store, makes it where there is none, and clears away what a crash left.
     *
     * @param root directory that belongs to this service alone, such as {@code DATA/node/images}
     * @param imagesInUse ids of images that containers on this node run from; these are never removed
     */
    public LocalImageService(
            Path root, ImageLimits limits, RegistryOptions registryOptions, Supplier<Set<String>> imagesInUse) {
        this.imagesInUse = imagesInUse;
        Platform platform = Platform.current();
        try {
            Files.createDirectories(root);
            this.content = new ContentStore(root, limits.reservedDiskBytes());
            Snapshotter snapshots = new Snapshotter(root, content);
            this.importer = new ImageImporter(content, snapshots, limits, platform, executor);
            this.archives = new ArchiveLoader(content, platform, limits.manifestBytes());
            this.catalog = new ImageCatalog(new ImageStore(root), importer, content, snapshots);
            this.garbage = new GarbageCollector(catalog, content, snapshots, leases);
        } catch (IOException e) {
            throw ImageErrors.local("open the image store " + root, e);
        }
        this.registries = new RegistryClient(registryOptions, content, limits.manifestBytes());
        this.pulls = new SharedPulls(executor);
        catalog.recover(leases);
        garbage.sweep();
    }

    @Override
    public Optional<Image> imageStatus(String reference) {
        return catalog.find(reference).filter(catalog::isUnpacked).map(catalog::describe);
    }

    @Override
    public Image pullImage(String reference, List<RegistryAuth> credentials, Consumer<PullProgress> progress) {
        ImageReference name = ImageReference.parse(reference);
        return pulls.pull(name, credentials, progress, report -> pull(name, credentials, report));
    }

    private Image pull(ImageReference name, List<RegistryAuth> credentials, Consumer<PullProgress> report) {
        try (Lease lease = leases.open()) {
            RegistrySession session = registries.open(name, credentials, report);
            Descriptor top = session.resolve(lease);
            ImportedImage image = importer.bring(top, session, lease, name.toString());
            String repoDigest = name.withDigest(top.digest()).toString();
            catalog.add(Map.of(image.digest(), new Names(Set.of(ImageCatalog.key(name)), Set.of(repoDigest))));
            return catalog.describe(image.digest());
        }
    }

    @Override
    public List<Image> load(InputStream archive) {
        try (Lease lease = leases.open()) {
            return bringAll(archives.open(archive, lease), lease);
        }
    }

    @Override
    public List<Image> loadLayout(Path directory) {
        try (Lease lease = leases.open()) {
            return bringAll(archives.open(directory), lease);
        }
    }

    private List<Image> bringAll(Opened opened, Lease lease) {
        Map<Digest, Names> additions = new LinkedHashMap<>();
        for (NamedManifest named : opened.images()) {
            ImportedImage image = importer.bring(named.descriptor(), opened.source(), lease, named.displayName());
            Set<String> references =
                    named.references().stream().map(ImageReference::toString).collect(Collectors.toSet());
            additions.merge(image.digest(), new Names(references, Set.of()), Names::plus);
        }
        // Named only when all are whole: an archive is loaded altogether or not at all.
        catalog.add(additions);
        return additions.keySet().stream().map(catalog::describe).toList();
    }

    @Override
    public void save(String reference, OutputStream target) {
        try (Lease lease = leases.open()) {
            Digest digest = catalog.require(reference);
            ImportedImage image = catalog.get(digest);
            image.blobs().forEach(lease::protect);
            OciArchiveWriter writer = new OciArchiveWriter(target, content);
            writer.add(
                    digest,
                    image.manifest(),
                    List.copyOf(catalog.describe(digest).references()));
            writer.finish();
        } catch (IOException e) {
            throw ImageErrors.local("save " + reference, e);
        }
    }

    @Override
    public void tag(String reference, String newReference) {
        ImageReference name = ImageReference.parse(newReference);
        if (name.digest().isPresent()) {
            throw ImageErrors.invalidName(
                    "\"%s\" cannot be given to an image: a new name has a tag, not a digest".formatted(newReference));
        }
        catalog.add(Map.of(catalog.require(reference), new Names(Set.of(name.toString()), Set.of())));
    }

    @Override
    public List<Image> listImages() {
        return catalog.digests().stream()
                .map(catalog::describe)
                .sorted(Comparator.comparing(image -> String.join(",", image.references())))
                .toList();
    }

    @Override
    public void removeImage(String reference) {
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

    /**
     * Removes every image that nothing needs, with the layers and blobs that no other image shares.
     *
     * @param keep ids or references of images to keep, besides those that containers run from
     */
    public PruneResult prune(Set<String> keep) {
        Set<Digest> kept =
                keep.stream().flatMap(name -> catalog.find(name).stream()).collect(Collectors.toSet());
        Set<String> running = imagesInUse.get();
        List<Digest> unused = catalog.digests().stream()
                .filter(digest -> !kept.contains(digest))
                .filter(digest -> !running.contains(catalog.get(digest).id()))
                .toList();
        List<Image> removed = unused.stream().map(catalog::describe).toList();
        catalog.remove(unused);
        return new PruneResult(removed, garbage.sweep());
    }

    /** @param freedBytes size of the compressed content that was removed */
    public record PruneResult(List<Image> removed, long freedBytes) {
        public PruneResult {
            removed = List.copyOf(removed);
        }
    }

    @Override
    public void close() {
        registries.close();
        executor.shutdownNow();
    }
}
