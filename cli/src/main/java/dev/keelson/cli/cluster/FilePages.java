package dev.keelson.cli.cluster;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The pages of files that this process has mapped. Starting reads most of the start-up cache and of the JVM's own
 * library; running needs little of it. A page that is needed after all comes back by itself.
 */
public final class FilePages {
    private FilePages() {}

    /**
     * A mapping as {@code /proc/self/smaps} tells it (proc_pid_smaps(5)).
     *
     * @param anonymousKb memory in it that is not the file's any more; giving that back would lose it
     */
    record Mapping(long from, long to, String permissions, String path, long residentKb, long anonymousKb) {

        long size() {
            return to - from;
        }

        /** Whether every page can be had again from the file. */
        boolean reloadable() {
            return path.startsWith("/") && permissions.startsWith("r-") && anonymousKb == 0 && residentKb > 0;
        }
    }

    /** Whether {@link #release} can be used: the library is part of what a build leaves. */
    public static boolean load(Path library) {
        if (!Files.isReadable(library)) {
            return false;
        }
        System.load(library.toString());
        return true;
    }

    /**
     * Gives back the pages of the start-up caches, also those that the page cache holds only because they lay near one that
     * was read; {@link #load} comes first.
     */
    public static void evictCaches() throws IOException {
        for (Mapping mapping : reloadable()) {
            if (mapping.path().endsWith(".aot")) {
                readSingly(mapping.from(), mapping.size());
                uncache(Path.of(mapping.path()));
            }
        }
    }

    private static void uncache(Path file) throws IOException {
        try (FileChannel open = FileChannel.open(file, StandardOpenOption.READ);
                DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            open.force(false); // what is not on the disk yet cannot be dropped
            for (Path descriptor : descriptors) {
                if (Files.isSameFile(descriptor, file)) {
                    uncache(Long.parseLong(descriptor.getFileName().toString()));
                    return;
                }
            }
        }
    }

    /** Gives back the pages of all read-only file mappings to the page cache; {@link #load} comes first. */
    public static void release() throws IOException {
        for (Mapping mapping : reloadable()) {
            // A mapping that cannot be given back, such as a locked one, is as good as before.
            unmap(mapping.from(), mapping.size());
        }
    }

    /** A page that was written has left its file: a cache that the JVM had to move is such. */
    private static List<Mapping> reloadable() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/smaps"))) {
            return parse(lines).stream().filter(Mapping::reloadable).toList();
        }
    }

    static List<Mapping> parse(Stream<String> smaps) {
        List<Mapping> mappings = new ArrayList<>();
        smaps.forEach(line -> {
            String[] words = line.trim().split("\\s+", 6);
            if (!words[0].endsWith(":")) {
                int dash = words[0].indexOf('-');
                mappings.add(new Mapping(
                        Long.parseUnsignedLong(words[0], 0, dash, 16),
                        Long.parseUnsignedLong(words[0], dash + 1, words[0].length(), 16),
                        words[1],
                        words.length > 5 ? words[5] : "",
                        0,
                        0));
            } else if (words[0].equals("Rss:") || words[0].equals("Anonymous:")) {
                Mapping last = mappings.removeLast();
                long kb = Long.parseLong(words[1]);
                boolean resident = words[0].equals("Rss:");
                mappings.add(new Mapping(
                        last.from(),
                        last.to(),
                        last.permissions(),
                        last.path(),
                        resident ? kb : last.residentKb(),
                        resident ? last.anonymousKb() : kb));
            }
        });
        return mappings;
    }

    private static native long unmap(long from, long length);

    private static native void readSingly(long from, long length);

    private static native long uncache(long descriptor);
}
