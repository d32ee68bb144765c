package dev.keelson.node.volume;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Where a pod's files are on this node: {@code pods/UID} for volumes, {@code memory/UID} for what is made from API
 * objects ({@link MemoryFiles}), {@code logs/NAMESPACE_NAME_UID} for logs (the layout of the kubelet's
 * {@code /var/log/pods}).
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

    Path memory() {
        return root.resolve("memory");
    }

    Path memory(String uid) {
        return memory().resolve(uid);
    }

    /** A volume that is made from API objects. */
    Path payload(String uid, String name) {
        return memory(uid).resolve("volumes").resolve(name);
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
        return memory(uid).resolve("etc").resolve(name);
    }

    public Path terminationLog(String uid, String container, int attempt) {
        return pod(uid).resolve("%s_%d.termination".formatted(container, attempt));
    }

    public Path logs(String uid, String namespace, String name) {
        return root.resolve("logs").resolve("%s_%s_%s".formatted(namespace, name, uid));
    }

    public Path log(String uid, String namespace, String name, String container, int attempt) {
        return logs(uid, namespace, name).resolve(container).resolve(attempt + ".log");
    }

    List<String> known() {
        Set<String> known = new TreeSet<>(names(root.resolve("pods")));
        known.addAll(names(memory()));
        return new ArrayList<>(known);
    }

    private static List<String> names(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
