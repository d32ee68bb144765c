package dev.keelson.node.image.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Puts a small layer together in memory: everything belongs to root and dates from the epoch, so it is always equal. */
public final class LayerBuilder {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8");

    public LayerBuilder() {
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    }

    /** @param mode permission bits such as 0755 */
    public LayerBuilder file(String path, int mode, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(path);
        entry.setSize(content.length);
        put(entry, 0100000 | mode);
        tar.write(content);
        tar.closeArchiveEntry();
        return this;
    }

    public LayerBuilder directory(String path, int mode) throws IOException {
        put(new TarArchiveEntry(path.endsWith("/") ? path : path + "/"), 0040000 | mode);
        tar.closeArchiveEntry();
        return this;
    }

    public LayerBuilder symbolicLink(String path, String target) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(path, TarConstants.LF_SYMLINK);
        entry.setLinkName(target);
        put(entry, 0120777);
        tar.closeArchiveEntry();
        return this;
    }

    private void put(TarArchiveEntry entry, int mode) throws IOException {
        entry.setMode(mode);
        entry.setModTime(0);
        entry.setIds(0, 0);
        tar.putArchiveEntry(entry);
    }

    /** The layer as an uncompressed tar: its digest then does not depend on any compressor's version. */
    public byte[] build() throws IOException {
        tar.finish();
        return bytes.toByteArray();
    }
}
