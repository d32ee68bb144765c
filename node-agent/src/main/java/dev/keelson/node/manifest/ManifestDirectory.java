package dev.keelson.node.manifest;

import dev.keelson.node.NodeException;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The files that static pods are written in; a file is read again only when it has changed. Not thread-safe. */
public final class ManifestDirectory implements Manifests {
    private static final Logger LOG = System.getLogger(ManifestDirectory.class.getName());
    private static final long LARGEST = 1 << 20;

    private final Path directory;
    private final String nodeName;
    private final Consumer<String> complaints;
    private Map<String, Entry> entries = Map.of();
    /** What has been said of files whose pod another file has, so that it is said once. */
    private Set<String> said = Set.of();

    /** What a file was when it was read, and the pod in it; empty when it holds none that can run. */
    private record Entry(long size, long modifiedNanos, Optional<Pod> pod) {}

    /** @param complaints told once of every file that is not run, and why; must not block */
    public ManifestDirectory(Path directory, String nodeName, Consumer<String> complaints) {
        this.directory = directory;
        this.nodeName = nodeName;
        this.complaints = complaints;
    }

    /** Of two files with a pod of the same name the first by name counts. */
    @Override
    public Map<String, Pod> pods() throws IOException {
        Map<String, Entry> read = new HashMap<>();
        Map<String, Pod> pods = new LinkedHashMap<>();
        Map<String, String> owners = new HashMap<>();
        Set<String> twice = new LinkedHashSet<>();
        for (Path file : files()) {
            String name = file.getFileName().toString();
            Entry entry = entry(file, name);
            read.put(name, entry);
            entry.pod().ifPresent(pod -> {
                String key = pod.getMetadata().getNamespace() + "/"
                        + pod.getMetadata().getName();
                String owner = owners.putIfAbsent(key, name);
                if (owner == null) {
                    pods.put(pod.getMetadata().getUid(), pod);
                } else {
                    twice.add("static pod file \"%s\": pod %s is already that of file \"%s\"; give it another name"
                            .formatted(name, key, owner));
                }
            });
        }
        entries = read;
        twice.stream().filter(text -> !said.contains(text)).forEach(this::complain);
        said = twice;
        return pods;
    }

    private List<Path> files() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> list = Files.list(directory)) {
            // Editors keep their own files beside, named with a dot in front.
            return new ArrayList<>(
                    list.filter(file -> file.getFileName().toString().matches("[^.].*\\.(ya?ml|json)"))
                            .filter(Files::isRegularFile)
                            .sorted()
                            .toList());
        }
    }

    private Entry entry(Path file, String name) {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            long modified = now.lastModifiedTime().to(java.util.concurrent.TimeUnit.NANOSECONDS);
            Entry known = entries.get(name);
            if (known != null && known.size() == now.size() && known.modifiedNanos() == modified) {
                return known;
            }
            return new Entry(now.size(), modified, pod(file, name, now.size()));
        } catch (IOException gone) {
            LOG.log(Level.WARNING, "static pod file not read file={0} reason=\"{1}\"", file, gone);
            return new Entry(0, 0, Optional.empty());
        }
    }

    private Optional<Pod> pod(Path file, String name, long size) throws IOException {
        if (size > LARGEST) {
            complain("static pod file \"%s\": it is larger than %d bytes".formatted(name, LARGEST));
            return Optional.empty();
        }
        try {
            return Optional.of(StaticPodFile.read(name, Files.readAllBytes(file), nodeName));
        } catch (NodeException wrong) {
            complain(wrong.getMessage());
            return Optional.empty();
        }
    }

    private void complain(String text) {
        LOG.log(Level.WARNING, "static pod refused reason=\"{0}\"", text);
        complaints.accept(text);
    }
}
