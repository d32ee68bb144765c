package dev.keelson.node.volume;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * The files of a volume that is made from API objects.
 *
 * @param files relative path to content; never absolute, never with {@code ..}
 */
record Payload(Map<String, Entry> files) {

    /** @param mode permission bits */
    record Entry(byte[] content, int mode) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Entry entry && mode == entry.mode && Arrays.equals(content, entry.content);
        }

        @Override
        public int hashCode() {
            return 31 * mode + Arrays.hashCode(content);
        }
    }

    Payload {
        files = Map.copyOf(files);
        files.keySet().forEach(Payload::check);
    }

    private static void check(String path) {
        Path parsed = Path.of(path);
        boolean climbs = false;
        for (Path part : parsed) {
            climbs |= part.toString().equals("..");
        }
        if (path.isEmpty() || parsed.isAbsolute() || climbs || path.startsWith("..")) {
            throw new VolumeProblem("path \"%s\" must be relative and stay inside the volume".formatted(path));
        }
    }

    /** In a stable order. */
    Map<String, Entry> sorted() {
        return new TreeMap<>(files);
    }
}
