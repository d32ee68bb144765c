package dev.keelson.node.image;

import dev.keelson.linux.Processes;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
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
    private final Snapshotter snapshots;
    private final ImageCatalog catalog;
    private final ImageImporter importer;
    private final ArchiveLoader archives;
    private final ImageRemover remover;
    private final ImageUse use;
    private final RegistryClient registries;
    private final SharedPulls pulls;
    private final Leases leases = new Leases();
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    /**
     * Opens the store, makes it where there is none, and clears away what a crash left.
     *
     * @param root directory that belongs to this service alone, such as {@code DATA/node/images}
     * @param imagesInUse ids of images that containers on this node run from; these are never removed
     */
    public LocalImageService(
            Path root, ImageLimits limits, RegistryOptions registryOptions, Supplier<Set<String>> imagesInUse) {
        this(root, limits, registryOptions, ImageGcPlanner.Policy.DEFAULT, imagesInUse);
    }

    /** @param policy when a full disk costs unused images */
    public LocalImageService(
            Path root,
            ImageLimits limits,
            RegistryOptions registryOptions,
            ImageGcPlanner.Policy policy,
            Supplier<Set<String>> imagesInUse) {
        Platform platform = Platform.current();
        GarbageCollector garbage;
        try {
            Files.createDirectories(root);
            this.content = new ContentStore(root, limits.reservedDiskBytes());
            this.snapshots = new Snapshotter(root, content, Processes.bootId());
            this.importer = new ImageImporter(content, snapshots, limits, platform, executor);
            this.archives = new ArchiveLoader(content, platform, limits.manifestBytes());
            this.catalog = new ImageCatalog(new ImageStore(root), importer, content, snapshots);
            this.use = new ImageUse(content, InstantSource.system());
            garbage = new GarbageCollector(catalog, content, snapshots, leases);
            this.remover = new ImageRemover(root, catalog, garbage, use, policy, imagesInUse);
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
        Optional<Digest> found = catalog.find(reference).filter(catalog::isUnpacked);
        found.ifPresent(use::touch);
        return found.map(catalog::describe);
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
            use.touch(image.digest());
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
    public void save(List<String> references, OutputStream target) {
        try (Lease lease = leases.open()) {
            // All are looked up before the first byte is written: who waits for the archive gets it whole or an error.
            Map<Digest, List<String>> names = new LinkedHashMap<>();
            for (String reference : references) {
                Digest digest = catalog.require(reference);
                catalog.get(digest).blobs().forEach(lease::protect);
                names.computeIfAbsent(digest, image -> new ArrayList<>()).addAll(savedNames(reference, digest));
            }
            OciArchiveWriter writer = new OciArchiveWriter(target, content);
            for (Map.Entry<Digest, List<String>> image : names.entrySet()) {
                writer.add(
                        image.getKey(),
                        catalog.get(image.getKey()).manifest(),
                        image.getValue().stream().distinct().toList());
            }
            writer.finish();
        } catch (IOException e) {
            throw ImageErrors.local("save " + String.join(", ", references), e);
        }
    }

    /** The name that was asked for, or all of them when it was asked for by id or digest. */
    private List<String> savedNames(String reference, Digest digest) {
        if (!reference.startsWith("sha256:")) {
            ImageReference name = ImageReference.parse(reference);
            if (name.digest().isEmpty()) {
                return List.of(name.toString());
            }
        }
        return catalog.names(digest).references().stream()
                .filter(name -> !name.contains("@"))
                .sorted()
                .toList();
    }

    @Override
    public String push(String reference, List<RegistryAuth> credentials, Consumer<PullProgress> progress) {
        ImageReference name = ImageReference.parse(reference);
        try (Lease lease = leases.open()) {
            Digest digest = catalog.require(reference);
            ImportedImage image = catalog.get(digest);
            image.blobs().forEach(lease::protect);
            registries.push(name, credentials, progress).run(digest, image.manifest());
            catalog.add(Map.of(
                    digest, new Names(Set.of(), Set.of(name.withDigest(digest).toString()))));
            return digest.toString();
        }
    }

    @Override
    public ImageDetails inspect(String reference) {
        Digest digest = catalog.require(reference);
        ImportedImage image = catalog.get(digest);
        Digest config = image.manifest().config().digest();
        byte[] configuration = content.read(config, Integer.MAX_VALUE, "configuration");
        return new ImageDetails(
                catalog.describe(digest),
                digest.toString(),
                image.manifest(),
                new String(configuration, StandardCharsets.UTF_8),
                image.config().diffIds().stream().map(Digest::toString).toList(),
                use.lastUsed(digest));
    }

    @Override
    public List<ImageSummary> summaries() {
        return catalog.digests().stream()
                .map(catalog::summary)
                .sorted(Comparator.comparing(image -> String.join(",", image.references())))
                .toList();
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
        remover.remove(reference);
    }

    @Override
    public Pruned prune(boolean all) {
        return remover.prune(all);
    }

    @Override
    public Collected collectGarbage() {
        return remover.collect();
    }

    @Override
    public void close() {
        use.keep();
        registries.close();
        executor.shutdownNow();
        snapshots.close();
    }
}
