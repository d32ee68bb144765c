package dev.keelson.node.image.layer;

import dev.keelson.linux.FileTree.Directory;
import dev.keelson.linux.FileTree.Failure;
import dev.keelson.linux.FileTree.NewFile;
import dev.keelson.linux.FileTree.Node;
import dev.keelson.node.image.layer.TarEntry.Type;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes the directory of one layer from its tar archive (OCI image spec, layer.md): overlayfs then shows it on top of
 * the layers below. Whiteouts become overlayfs's own marks. Device nodes are refused, because an image never chooses a
 * device; the few that every container gets from the engine anyway are passed over.
 */
final class LayerUnpacker {
    private static final String WHITEOUT = ".wh.";
    private static final String OPAQUE = ".wh..wh..opq";
    private static final int CHUNK = 256 * 1024;
    private static final long MAX_ID = 0xfffffffeL;

    /** Devices of the OCI runtime spec's default set, which every container sees in a /dev of its own. */
    private static final Map<String, List<Long>> STANDARD_DEVICES = Map.of(
            "dev/null", List.of(1L, 3L),
            "dev/zero", List.of(1L, 5L),
            "dev/full", List.of(1L, 7L),
            "dev/random", List.of(1L, 8L),
            "dev/urandom", List.of(1L, 9L),
            "dev/tty", List.of(5L, 0L),
            "dev/console", List.of(5L, 1L),
            "dev/ptmx", List.of(5L, 2L));

    private final LayerTree tree;
    private final LowerLayers lower;
    private final UnpackBudget budget;
    private final byte[] buffer = new byte[CHUNK];
    private final ByteBuffer direct = ByteBuffer.allocateDirect(CHUNK);

    LayerUnpacker(LayerTree tree, LowerLayers lower, UnpackBudget budget) {
        this.tree = tree;
        this.lower = lower;
        this.budget = budget;
    }

    /** Unpacks the archive to its end; {@link TarFormatException} names the entry that is refused. */
    void unpack(TarReader tar) throws IOException {
        tree.prepareTop();
        for (Optional<TarEntry> next = tar.next(); next.isPresent(); next = tar.next()) {
            TarEntry entry = next.get();
            budget.countEntry();
            try {
                place(entry, tar);
            } catch (Failure failure) {
                if (failure.isCausedByNames()) {
                    throw new TarFormatException(
                            "\"%s\" cannot be made: %s".formatted(entry.displayPath(), failure.getMessage()));
                }
                throw failure;
            }
        }
        tree.finish();
    }

    private void place(TarEntry entry, TarReader tar) throws IOException {
        EntryPath path = EntryPath.parse(entry.path());
        if (path.isTop()) {
            placeTop(entry);
            return;
        }
        for (String name : path.parent().names()) {
            if (name.startsWith(WHITEOUT)) {
                throw refused(entry, "is inside a whiteout");
            }
        }
        if (path.name().startsWith(WHITEOUT)) {
            placeWhiteout(entry, path);
            return;
        }
        checkOwner(entry);
        switch (entry.type()) {
            case FILE -> placeFile(entry, path, tar);
            case DIRECTORY -> placeDirectory(entry, path);
            case SYMBOLIC_LINK -> placeSymbolicLink(entry, path);
            case HARD_LINK -> placeHardLink(entry, path);
            case FIFO -> placeFifo(entry, path);
            case CHARACTER_DEVICE, BLOCK_DEVICE -> placeDevice(entry, path);
        }
    }

    private void placeTop(TarEntry entry) throws IOException {
        if (entry.type() != Type.DIRECTORY) {
            throw refused(entry, "names the top of the layer but is no directory");
        }
        checkOwner(entry);
        describe(tree.directory(EntryPath.TOP), entry, EntryPath.TOP);
    }

    private void placeDirectory(TarEntry entry, EntryPath path) throws IOException {
        Directory parent = tree.directory(path.parent());
        boolean isThere =
                parent.stat(path.nameBytes()).filter(Node::isDirectory).isPresent();
        boolean replacesWhiteout = false;
        if (!isThere) {
            replacesWhiteout = tree.clear(parent, path.nameBytes())
                    .filter(Node::isCharacterDevice)
                    .isPresent();
            parent.makeDirectory(path.nameBytes());
        }
        try (Directory made = parent.openDirectory(path.nameBytes())) {
            if (replacesWhiteout) {
                tree.makeOpaque(made);
            }
            describe(made, entry, path);
        }
    }

    private void describe(Directory directory, TarEntry entry, EntryPath path) throws IOException {
        directory.setOwner((int) entry.uid(), (int) entry.gid());
        directory.setMode(entry.mode());
        for (Map.Entry<String, byte[]> xattr : entry.xattrs().entrySet()) {
            setXattr(entry, xattr, directory::setXattr);
        }
        tree.rememberTime(path, entry.seconds(), entry.nanos());
    }

    private void placeFile(TarEntry entry, EntryPath path, TarReader tar) throws IOException {
        budget.countFile(entry.size());
        try (NewFile file = create(tree.directory(path.parent()), path.nameBytes())) {
            if (entry.sparse().isPresent()) {
                for (SparseMap.Segment segment : entry.sparse().get().segments()) {
                    copy(tar, file, segment.offset(), segment.length());
                }
                file.setLength(entry.size());
            } else {
                copy(tar, file, 0, entry.size());
            }
            // Owner before mode and attributes: changing the owner takes setuid bits and file capabilities away.
            file.setOwner((int) entry.uid(), (int) entry.gid());
            file.setMode(entry.mode());
            for (Map.Entry<String, byte[]> xattr : entry.xattrs().entrySet()) {
                setXattr(entry, xattr, file::setXattr);
            }
            file.setTime(entry.seconds(), entry.nanos());
        }
    }

    private NewFile create(Directory parent, byte[] name) throws Failure {
        try {
            return parent.createFile(name);
        } catch (Failure failure) {
            if (!failure.isExists()) {
                throw failure;
            }
            tree.clear(parent, name);
            return parent.createFile(name);
        }
    }

    private void copy(TarReader tar, NewFile file, long offset, long length) throws IOException {
        long at = offset;
        long end = offset + length;
        while (at < end) {
            int count = tar.read(buffer, 0, (int) Math.min(CHUNK, end - at));
            if (count < 0) {
                throw new TarFormatException("a file has less data than its header says");
            }
            budget.countWrite(count);
            direct.clear();
            direct.put(buffer, 0, count).flip();
            file.write(direct, at);
            at += count;
        }
    }

    private void placeSymbolicLink(TarEntry entry, EntryPath path) throws IOException {
        // The target is only text here. Whoever follows it is inside the container's root, or resolves as if it were.
        Directory parent = tree.directory(path.parent());
        tree.clear(parent, path.nameBytes());
        parent.symlink(EntryPath.bytes(entry.linkTarget()), path.nameBytes());
        parent.setOwner(path.nameBytes(), (int) entry.uid(), (int) entry.gid());
        parent.setTime(path.nameBytes(), entry.seconds(), entry.nanos());
    }

    private void placeHardLink(TarEntry entry, EntryPath path) throws IOException {
        EntryPath target = EntryPath.parse(entry.linkTarget());
        if (target.isTop()) {
            throw refused(entry, "is a hard link to a directory");
        }
        Directory parent = tree.directory(path.parent());
        Optional<Directory> found = tree.find(target.parent());
        if (found.isEmpty()) {
            throw missingTarget(entry);
        }
        try (Directory from = found.get()) {
            Node node = from.stat(target.nameBytes())
                    .filter(there -> !there.isCharacterDevice())
                    .orElseThrow(() -> missingTarget(entry));
            if (node.isDirectory()) {
                throw refused(entry, "is a hard link to a directory");
            }
            if (parent.stat(path.nameBytes()).filter(node::isSameAs).isEmpty()) {
                tree.clear(parent, path.nameBytes());
                from.link(target.nameBytes(), parent, path.nameBytes());
            }
        }
    }

    private void placeFifo(TarEntry entry, EntryPath path) throws IOException {
        Directory parent = tree.directory(path.parent());
        tree.clear(parent, path.nameBytes());
        parent.makeFifo(path.nameBytes());
        parent.setOwner(path.nameBytes(), (int) entry.uid(), (int) entry.gid());
        parent.setMode(path.nameBytes(), entry.mode());
        parent.setTime(path.nameBytes(), entry.seconds(), entry.nanos());
    }

    private void placeDevice(TarEntry entry, EntryPath path) throws IOException {
        boolean character = entry.type() == Type.CHARACTER_DEVICE;
        List<Long> numbers = List.of(entry.deviceMajor(), entry.deviceMinor());
        if (character && numbers.equals(List.of(0L, 0L))) {
            hide(path);
        } else if (!character || !numbers.equals(STANDARD_DEVICES.get(String.join("/", path.names())))) {
            throw refused(
                    entry,
                    "is a %s device %d:%d; an image may not bring devices, a pod asks for them in its spec"
                            .formatted(character ? "character" : "block", entry.deviceMajor(), entry.deviceMinor()));
        }
    }

    private void placeWhiteout(TarEntry entry, EntryPath path) throws IOException {
        String hidden = path.name().substring(WHITEOUT.length());
        if (path.name().equals(OPAQUE)) {
            tree.makeOpaque(tree.directory(path.parent()));
        } else if (hidden.isEmpty() || hidden.equals(".") || hidden.equals("..")) {
            throw refused(entry, "is a whiteout of nothing");
        } else if (!hidden.startsWith(WHITEOUT)) {
            hide(path.parent().resolve(hidden));
        }
        // Other names that begin with .wh..wh. are AUFS's own bookkeeping and mean nothing here.
    }

    /** Hides what the layers below have at the path; what this layer itself has there stays (layer.md, Whiteouts). */
    private void hide(EntryPath path) throws IOException {
        Directory parent = tree.directory(path.parent());
        Optional<Node> own = parent.stat(path.nameBytes());
        if (own.filter(Node::isDirectory).isPresent()) {
            try (Directory directory = parent.openDirectory(path.nameBytes())) {
                tree.makeOpaque(directory);
            }
        } else if (own.isEmpty() && lower.contains(path)) {
            // A mark with nothing below it would be listed as a broken file in directories of this layer alone.
            parent.makeWhiteout(path.nameBytes());
        }
    }

    private interface XattrSetter {
        void set(byte[] name, byte[] value) throws Failure;
    }

    private static void setXattr(TarEntry entry, Map.Entry<String, byte[]> xattr, XattrSetter setter)
            throws IOException {
        if (!XattrPolicy.accepts(xattr.getKey())) {
            return;
        }
        try {
            setter.set(EntryPath.bytes(xattr.getKey()), xattr.getValue());
        } catch (Failure failure) {
            if (failure.isNoSpace() || failure.isCausedByNames()) {
                throw refused(
                        entry,
                        "has an extended attribute %s of %d bytes that the file system does not take"
                                .formatted(TarEntry.readable(xattr.getKey()), xattr.getValue().length));
            }
            // A disk without user attributes or ACLs still makes a usable layer, as with every other engine.
            if (!failure.isNotSupported()) {
                throw failure;
            }
        }
    }

    private static void checkOwner(TarEntry entry) throws TarFormatException {
        if (entry.uid() < 0 || entry.uid() > MAX_ID || entry.gid() < 0 || entry.gid() > MAX_ID) {
            throw refused(entry, "has the impossible owner %d:%d".formatted(entry.uid(), entry.gid()));
        }
    }

    private static TarFormatException missingTarget(TarEntry entry) {
        return refused(
                entry,
                "is a hard link to \"%s\", which is not in this layer before it"
                        .formatted(TarEntry.readable(entry.linkTarget())));
    }

    private static TarFormatException refused(TarEntry entry, String why) {
        return new TarFormatException("\"%s\" %s".formatted(entry.displayPath(), why));
    }
}
