package dev.keelson.node.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Writes tars for tests with a writer that is not the product's reader, and without any of its scruples. */
public final class TarBytes {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8");

    public TarBytes() {
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        tar.setAddPaxHeadersForNonAsciiNames(true);
    }

    public TarBytes file(String path, String content) {
        return file(path, content, 0644, 0, 0, Map.of());
    }

    public TarBytes file(String path, String content, int mode, long uid, long gid, Map<String, String> pax) {
        TarArchiveEntry entry = entry(path, TarConstants.LF_NORMAL);
        entry.setMode(mode);
        entry.setUserId(uid);
        entry.setGroupId(gid);
        pax.forEach(entry::addPaxHeader);
        return put(entry, content.getBytes(StandardCharsets.UTF_8));
    }

    public TarBytes program(String path, byte[] content) {
        TarArchiveEntry entry = entry(path, TarConstants.LF_NORMAL);
        entry.setMode(0755);
        return put(entry, content);
    }

    public TarBytes directory(String path, int mode) {
        TarArchiveEntry entry = entry(path + "/", TarConstants.LF_DIR);
        entry.setMode(mode);
        return put(entry, new byte[0]);
    }

    public TarBytes symbolicLink(String path, String target) {
        return link(path, target, TarConstants.LF_SYMLINK);
    }

    public TarBytes hardLink(String path, String target) {
        return link(path, target, TarConstants.LF_LINK);
    }

    private TarBytes link(String path, String target, byte type) {
        TarArchiveEntry entry = entry(path, type);
        entry.setLinkName(target);
        return put(entry, new byte[0]);
    }

    public TarBytes device(String path, byte type, int major, int minor) {
        TarArchiveEntry entry = entry(path, type);
        entry.setDevMajor(major);
        entry.setDevMinor(minor);
        return put(entry, new byte[0]);
    }

    /** An extended header for the next member. */
    public TarBytes pax(Map<String, String> records) {
        StringBuilder text = new StringBuilder();
        records.forEach((key, value) -> {
            String rest = " " + key + "=" + value + "\n";
            int length = rest.length() + 2;
            text.append(length > 99 ? length + 1 : length).append(rest);
        });
        return pax(text.toString());
    }

    public TarBytes pax(String records) {
        TarArchiveEntry entry = new TarArchiveEntry("pax", TarConstants.LF_PAX_EXTENDED_HEADER_LC);
        return put(entry, records.getBytes(StandardCharsets.ISO_8859_1));
    }

    public TarBytes raw(TarArchiveEntry entry, byte[] content) {
        return put(entry, content);
    }

    private static TarArchiveEntry entry(String path, byte type) {
        TarArchiveEntry entry = new TarArchiveEntry(path, type, true);
        entry.setModTime(1_600_000_000_000L);
        entry.setIds(0, 0);
        return entry;
    }

    private TarBytes put(TarArchiveEntry entry, byte[] content) {
        try {
            entry.setSize(content.length);
            tar.putArchiveEntry(entry);
            tar.write(content);
            tar.closeArchiveEntry();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public byte[] build() {
        try {
            tar.finish();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static byte[] gzip(byte[] content) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }
}
