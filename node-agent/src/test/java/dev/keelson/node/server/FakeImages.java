package dev.keelson.node.server;

import dev.keelson.node.image.Image;
import dev.keelson.node.image.ImageDetails;
import dev.keelson.node.image.ImageService;
import dev.keelson.node.image.ImageSummary;
import dev.keelson.node.image.PullProgress;
import dev.keelson.node.image.RegistryAuth;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Counts what is loaded, remembers with what it was asked to pull, and holds nothing. */
public final class FakeImages implements ImageService {
    volatile long loaded;
    public volatile List<RegistryAuth> credentials = List.of();

    @Override
    public Optional<Image> imageStatus(String reference) {
        return Optional.empty();
    }

    @Override
    public Image pullImage(String reference, List<RegistryAuth> credentials, Consumer<PullProgress> progress) {
        this.credentials = credentials;
        throw new UnsupportedOperationException(reference);
    }

    @Override
    public List<Image> load(InputStream archive) {
        try {
            loaded = archive.transferTo(OutputStream.nullOutputStream());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return List.of();
    }

    @Override
    public List<Image> loadLayout(Path directory) {
        return List.of();
    }

    @Override
    public void save(List<String> references, OutputStream target) {}

    @Override
    public String push(String reference, List<RegistryAuth> credentials, Consumer<PullProgress> progress) {
        throw new UnsupportedOperationException(reference);
    }

    @Override
    public ImageDetails inspect(String reference) {
        throw new UnsupportedOperationException(reference);
    }

    @Override
    public List<ImageSummary> summaries() {
        return List.of();
    }

    @Override
    public Pruned prune(boolean all) {
        return new Pruned(List.of(), 0);
    }

    @Override
    public Collected collectGarbage() {
        return new Collected(List.of(), 0, 0);
    }

    @Override
    public void tag(String reference, String newReference) {}

    @Override
    public List<Image> listImages() {
        return List.of();
    }

    @Override
    public void removeImage(String reference) {}
}
