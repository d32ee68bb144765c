package dev.keelson.node.image.archive;

import dev.keelson.node.NodeException;
import dev.keelson.node.image.ImageErrors;
import dev.keelson.node.image.content.ContentStore;
import dev.keelson.node.image.content.Leases.Lease;
import dev.keelson.node.image.layer.Decompressor;
import dev.keelson.node.image.layer.TarEntry;
import dev.keelson.node.image.layer.TarFormatException;
import dev.keelson.node.image.layer.TarReader;
import dev.keelson.node.image.oci.Digest;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipException;

/**
 * The files of an image archive, read once as a stream into the content store: what they are called is known when the
 * stream is at its end, for the table of contents often comes last.
 */
final class ArchiveFiles {
    private static final int MAX_FILES = 100_000;
    private static final int MAX_LINKS_IN_A_ROW = 8;

    private final Map<String, Digest> files = new HashMap<>();
    private final Map<String, String> links = new HashMap<>();

    private ArchiveFiles() {}

    /** Reads a tar, plain or compressed. */
    static ArchiveFiles read(InputStream archive, ContentStore content, Lease lease) {
        ArchiveFiles result = new ArchiveFiles();
        try (InputStream plain = Decompressor.open(archive)) {
            TarReader tar = new TarReader(plain);
            for (Optional<TarEntry> next = tar.next(); next.isPresent(); next = tar.next()) {
                result.add(next.get(), tar, content, lease);
            }
            return result;
        } catch (TarFormatException | EOFException | ZipException e) {
            throw ImageErrors.corrupt("the image archive is damaged or no tar: " + e.getMessage(), e);
        } catch (com.github.luben.zstd.ZstdIOException e) {
            throw ImageErrors.corrupt("the image archive is damaged: " + e.getMessage(), e);
        } catch (IOException e) {
            throw ImageErrors.local("read the image archive", e);
        }
    }

    private void add(TarEntry entry, TarReader tar, ContentStore content, Lease lease) throws IOException {
        if (files.size() + links.size() >= MAX_FILES) {
            throw new TarFormatException("it has more than " + MAX_FILES + " files");
        }
        String path = normalised(entry.path());
        switch (entry.type()) {
            case FILE -> {
                Digest digest = content.put(tar.data(), lease);
                checkName(path, digest);
                files.put(path, digest);
            }
            // docker save stores a layer that several images share once, and links to it.
            case SYMBOLIC_LINK -> links.put(path, normalised(directory(path) + entry.linkTarget()));
            case HARD_LINK -> links.put(path, normalised(entry.linkTarget()));
            case DIRECTORY, FIFO, CHARACTER_DEVICE, BLOCK_DEVICE -> {}
        }
    }

    private static void checkName(String path, Digest digest) {
        if (path.startsWith("blobs/sha256/") && !path.endsWith("/" + digest.hex())) {
            throw ImageErrors.corrupt("%s in the archive is not what its name says: its content is %s"
                    .formatted(TarEntry.readable(path), digest));
        }
    }

    boolean contains(String path) {
        return find(path).isPresent();
    }

    Optional<Digest> find(String path) {
        String at = normalised(path);
        for (int i = 0; i < MAX_LINKS_IN_A_ROW && links.containsKey(at); i++) {
            at = links.get(at);
        }
        return Optional.ofNullable(files.get(at));
    }

    Digest require(String path, String wantedBy) {
        return find(path).orElseThrow(() -> missing(path, wantedBy));
    }

    private static NodeException missing(String path, String wantedBy) {
        return ImageErrors.corrupt(
                "the archive has no %s, which its %s names".formatted(TarEntry.readable(path), wantedBy));
    }

    /** A path inside the archive; it is a key here and never a path on this machine. */
    private static String normalised(String path) {
        java.util.ArrayDeque<String> names = new java.util.ArrayDeque<>();
        for (String name : path.split("/")) {
            if (name.equals("..")) {
                names.pollLast();
            } else if (!name.isEmpty() && !name.equals(".")) {
                names.addLast(name);
            }
        }
        return String.join("/", names);
    }

    private static String directory(String path) {
        return path.substring(0, path.lastIndexOf('/') + 1);
    }

    /** A path from a JSON document, in the byte-per-character form of archive paths. */
    static String path(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
