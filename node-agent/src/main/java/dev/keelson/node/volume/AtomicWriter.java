package dev.keelson.node.volume;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Replaces a volume's files all at once: they live in a new directory that the link {@code ..data} is swapped to, and
 * what people see are links through {@code ..data}. A reader sees the old files or the new ones, never a mixture; a
 * crash at any point leaves one of the two (the layout that the kubelet made customary, which programs watch for).
 */
final class AtomicWriter {
    private static final String DATA = "..data";
    private static final String NEXT = "..data_tmp";

    private final Path volume;
    private final Ownership owner;

    AtomicWriter(Path volume, Ownership owner) {
        this.volume = volume;
        this.owner = owner;
    }

    /** Brings the volume to this content; answers whether anything had to change. */
    boolean write(Payload payload) throws IOException {
        Path data = volume.resolve(DATA);
        boolean changed = !Files.isSymbolicLink(data) || !payload.files().equals(read(data));
        if (changed) {
            Path fresh = writeFresh(payload);
            Path next = volume.resolve(NEXT);
            Files.deleteIfExists(next);
            Files.createSymbolicLink(next, fresh.getFileName());
            owner.give(next);
            Files.move(next, data, StandardCopyOption.ATOMIC_MOVE);
        }
        link(payload);
        removeStale(payload);
        return changed;
    }

    private Path writeFresh(Payload payload) throws IOException {
        Path fresh = Files.createDirectory(volume.resolve(".." + UUID.randomUUID()));
        prepareDirectory(fresh);
        for (Map.Entry<String, Payload.Entry> file : payload.sorted().entrySet()) {
            Path target = fresh.resolve(file.getKey());
            makeParents(fresh, target.getParent());
            Files.write(target, file.getValue().content());
            owner.give(target);
            Ownership.setMode(target, owner.fileMode(file.getValue().mode(), false));
        }
        return fresh;
    }

    private void makeParents(Path top, Path directory) throws IOException {
        if (!directory.equals(top) && !Files.isDirectory(directory)) {
            makeParents(top, directory.getParent());
            Files.createDirectory(directory);
            prepareDirectory(directory);
        }
    }

    private void prepareDirectory(Path directory) throws IOException {
        owner.give(directory);
        Ownership.setMode(directory, owner.fsGroup() ? 0755 | Ownership.SET_GID : 0755);
    }

    private Map<String, Payload.Entry> read(Path data) throws IOException {
        Map<String, Payload.Entry> files = new HashMap<>();
        if (!Files.isDirectory(data)) {
            return files;
        }
        Path real = data.toRealPath();
        try (Stream<Path> entries = Files.walk(real)) {
            for (Path file : (Iterable<Path>) entries.filter(Files::isRegularFile)::iterator) {
                int mode = (int) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 07777;
                files.put(real.relativize(file).toString(), new Payload.Entry(Files.readAllBytes(file), mode));
            }
        }
        return files;
    }

    /** Links the first component of every path; links that are no longer needed go. */
    private void link(Payload payload) throws IOException {
        Set<String> tops = tops(payload);
        for (String top : tops) {
            Path link = volume.resolve(top);
            if (!Files.isSymbolicLink(link)) {
                Files.createSymbolicLink(link, Path.of(DATA, top));
                owner.give(link);
            }
        }
    }

    private static Set<String> tops(Payload payload) {
        Set<String> tops = new HashSet<>();
        payload.files()
                .keySet()
                .forEach(path -> tops.add(Path.of(path).getName(0).toString()));
        return tops;
    }

    private void removeStale(Payload payload) throws IOException {
        String current = Files.readSymbolicLink(volume.resolve(DATA)).toString();
        Set<String> tops = tops(payload);
        try (Stream<Path> entries = Files.list(volume)) {
            for (Path entry : (Iterable<Path>) entries::iterator) {
                String name = entry.getFileName().toString();
                boolean kept = name.equals(DATA) || name.equals(current) || tops.contains(name);
                if (!kept) {
                    deleteTree(entry);
                }
            }
        }
    }

    /** Removes a file or directory with all below it; never follows links. */
    static void deleteTree(Path top) throws IOException {
        if (!Files.exists(top, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(top, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
