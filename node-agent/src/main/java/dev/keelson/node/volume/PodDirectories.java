package dev.keelson.node.volume;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where a pod's files are on this node: {@code pods/UID} for volumes and the pod's own files,
 * {@code logs/NAMESPACE_NAME_UID} for logs (the layout of the kubelet's {@code /var/log/pods}).
 *
 * @param root the node's directory
 */
public record PodDirectories(Path root) {

    public Path pod(String uid) {
        return root.resolve("pods").resolve(uid);
    }

    public Path volume(String uid, String name) {
        return pod(uid).resolve("volumes").resolve(name);
    }

    /** Says which images the pod's volumes are made of, one file for each. */
    Path images(String uid) {
        return pod(uid).resolve("images");
    }

    Path image(String uid, String volume) {
        return images(uid).resolve(volume);
    }

    /** A file of the pod's own, such as {@code hosts}. */
    Path file(String uid, String name) {
        return pod(uid).resolve("etc").resolve(name);
    }

    public Path terminationLog(String uid, String container, int attempt) {
        return pod(uid).resolve("containers").resolve(container).resolve(attempt + ".termination");
    }

    public Path logs(String uid, String namespace, String name) {
        return root.resolve("logs").resolve("%s_%s_%s".formatted(namespace, name, uid));
    }

    public Path log(String uid, String namespace, String name, String container, int attempt) {
        return logs(uid, namespace, name).resolve(container).resolve(attempt + ".log");
    }

    List<String> known() {
        Path pods = root.resolve("pods");
        if (!Files.isDirectory(pods)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(pods)) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
