package dev.keelson.node.image.layer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A path inside a layer: names from the layer's top down, none of them {@code .} or {@code ..}. A leading slash means
 * the layer's top, as every tar does it.
 */
record EntryPath(List<String> names) {
    static final EntryPath TOP = new EntryPath(List.of());
    private static final int MAX_NAME = 255;
    private static final int MAX_PATH = 4095;

    EntryPath {
        names = List.copyOf(names);
    }

    /** @param raw the path as the archive has it, one byte per character */
    static EntryPath parse(String raw) throws TarFormatException {
        if (raw.length() > MAX_PATH) {
            throw new TarFormatException(
                    "the path \"%s\" is longer than %d bytes".formatted(TarEntry.readable(raw), MAX_PATH));
        }
        List<String> names = new ArrayList<>();
        for (String name : raw.split("/")) {
            if (name.equals("..")) {
                throw new TarFormatException("\"%s\" leads out of the layer with \"..\"; such images are refused"
                        .formatted(TarEntry.readable(raw)));
            }
            if (name.length() > MAX_NAME) {
                throw new TarFormatException(
                        "a name in \"%s\" is longer than %d bytes".formatted(TarEntry.readable(raw), MAX_NAME));
            }
            if (!name.isEmpty() && !name.equals(".")) {
                names.add(name);
            }
        }
        return new EntryPath(names);
    }

    boolean isTop() {
        return names.isEmpty();
    }

    EntryPath parent() {
        return new EntryPath(names.subList(0, names.size() - 1));
    }

    EntryPath resolve(String name) {
        List<String> longer = new ArrayList<>(names);
        longer.add(name);
        return new EntryPath(longer);
    }

    String name() {
        return names.getLast();
    }

    byte[] nameBytes() {
        return bytes(name());
    }

    byte[] pathBytes() {
        return bytes(String.join("/", names));
    }

    /** The path of the first {@code count} names. */
    EntryPath first(int count) {
        return new EntryPath(names.subList(0, count));
    }

    int depth() {
        return names.size();
    }

    /** The path for a message. */
    String display() {
        return isTop() ? "/" : TarEntry.readable(String.join("/", names));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
