package dev.keelson.node.image.layer;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * One member of a tar archive. Texts hold one byte of the archive per character (Latin-1), because names on Linux are
 * bytes; {@link #readable} turns them into text for people.
 *
 * @param linkTarget what a symbolic or hard link points to, else empty
 * @param mode permission bits with setuid, setgid and sticky
 * @param size bytes of the file once unpacked, holes included
 * @param seconds modification time since the epoch
 * @param xattrs extended attributes by name, as PAX {@code SCHILY.xattr.} records carry them
 * @param sparse where a sparse file has data
 */
public record TarEntry(
        String path,
        Type type,
        String linkTarget,
        int mode,
        long uid,
        long gid,
        long size,
        long seconds,
        int nanos,
        long deviceMajor,
        long deviceMinor,
        Map<String, byte[]> xattrs,
        Optional<SparseMap> sparse) {

    public enum Type {
        FILE,
        DIRECTORY,
        SYMBOLIC_LINK,
        HARD_LINK,
        CHARACTER_DEVICE,
        BLOCK_DEVICE,
        FIFO
    }

    public TarEntry {
        xattrs = Map.copyOf(xattrs);
    }

    /** The path for a message. */
    public String displayPath() {
        return readable(path);
    }

    /** Turns a text of one byte per character into one for people, at most 200 characters long, without controls. */
    public static String readable(String bytes) {
        String text = new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8)
                .replaceAll("\\p{Cntrl}", "?");
        return text.length() <= 200 ? text : text.substring(0, 120) + "…" + text.substring(text.length() - 60);
    }
}
