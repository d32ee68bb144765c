package dev.keelson.node.image.layer;

import dev.keelson.linux.FileTree;
import dev.keelson.linux.FileTree.Directory;
import dev.keelson.linux.FileTree.Failure;
import dev.keelson.linux.FileTree.Node;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The directory that a layer is being unpacked into: finds and makes directories by path, makes room for names that are
 * taken, and puts directories' times right at the end. Every path is resolved inside the tree by the kernel.
 */
final class LayerTree implements AutoCloseable {
    private static final byte[] OPAQUE = EntryPath.bytes("trusted.overlay.opaque");
    private static final byte[] YES = {'y'};

    private record Time(long seconds, int nanos) {}

    private final FileTree tree;
    private final Directory trash;
    private final LowerLayers lower;
    private final UnpackBudget budget;
    private final Map<EntryPath, Time> directoryTimes = new LinkedHashMap<>();
    private int trashed;

    /** Entries of one directory usually follow each other, so the last one stays open. */
    private Optional<Directory> lastDirectory = Optional.empty();

    private EntryPath lastPath = EntryPath.TOP;

    /** @param trash directory outside the layer, on the same file system, that replaced directories are moved to */
    LayerTree(FileTree tree, Directory trash, LowerLayers lower, UnpackBudget budget) {
        this.tree = tree;
        this.trash = trash;
        this.lower = lower;
        this.budget = budget;
    }

    /** The layer's own top gets the attributes of the top below it until an entry says otherwise. */
    void prepareTop() throws IOException {
        inherit(tree.top(), EntryPath.TOP);
    }

    /** Opens a directory, made with its parents where missing. The tree closes it. */
    Directory directory(EntryPath path) throws IOException {
        if (path.isTop()) {
            return tree.top();
        }
        if (lastDirectory.isPresent() && lastPath.equals(path)) {
            return lastDirectory.get();
        }
        forgetLast();
        Optional<Directory> found = findUnlessBlocked(path);
        lastDirectory = Optional.of(found.isPresent() ? found.get() : makeMissing(path));
        lastPath = path;
        return lastDirectory.get();
    }

    /** Opens the directory if it is in this layer; the caller closes it. */
    Optional<Directory> find(EntryPath path) throws Failure {
        return tree.find(path.pathBytes());
    }

    /** Makes what is missing of a path, and opens its end. */
    private Directory makeMissing(EntryPath path) throws IOException {
        int there = existingDepth(path);
        Directory at = findUnlessBlocked(path.first(there)).orElseThrow(() -> blocked(path));
        for (int depth = there + 1; depth <= path.depth(); depth++) {
            try (Directory parent = at) {
                budget.countEntry();
                at = makeImplicit(parent, path.first(depth));
            }
        }
        return at;
    }

    /** How many leading names lead to a directory; found by halving, for a hostile path has thousands. */
    private int existingDepth(EntryPath path) throws Failure {
        int there = 0;
        int missing = path.depth();
        while (missing - there > 1) {
            int middle = (there + missing) / 2;
            Optional<Directory> found = findUnlessBlocked(path.first(middle));
            found.ifPresent(Directory::close);
            if (found.isPresent()) {
                there = middle;
            } else {
                missing = middle;
            }
        }
        return there;
    }

    private Optional<Directory> findUnlessBlocked(EntryPath path) throws Failure {
        try {
            return tree.find(path.pathBytes());
        } catch (Failure failure) {
            if (failure.isCausedByNames()) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    private Directory makeImplicit(Directory parent, EntryPath path) throws IOException {
        Optional<Node> there = parent.stat(path.nameBytes());
        boolean whiteout = there.filter(Node::isCharacterDevice).isPresent();
        if (there.isPresent() && !whiteout) {
            throw blocked(path);
        }
        if (whiteout) {
            parent.unlink(path.nameBytes());
        }
        parent.makeDirectory(path.nameBytes());
        Directory made = parent.openDirectory(path.nameBytes());
        try {
            if (whiteout) {
                makeOpaque(made);
            }
            inherit(made, path);
            return made;
        } catch (IOException e) {
            made.close();
            throw e;
        }
    }

    /** A directory that only stands here as the parent of something must not change how the one below it looks. */
    private void inherit(Directory directory, EntryPath path) throws IOException {
        Optional<Node> below = lower.directory(path);
        directory.setOwner(below.map(Node::uid).orElse(0), below.map(Node::gid).orElse(0));
        directory.setMode(below.map(node -> node.mode() & 07777).orElse(0755));
        if (below.isPresent()) {
            rememberTime(path, below.get().seconds(), below.get().nanos());
        }
    }

    /** Marks a directory so that nothing of the layers below is seen in it. */
    void makeOpaque(Directory directory) throws Failure {
        directory.setXattr(OPAQUE, YES);
    }

    /**
     * Frees a name for a new entry: the later one wins.
     *
     * @return what stood there
     */
    Optional<Node> clear(Directory parent, byte[] name) throws Failure {
        Optional<Node> node = parent.stat(name);
        if (node.isPresent()) {
            if (node.get().isDirectory()) {
                parent.rename(name, trash, EntryPath.bytes(Integer.toString(trashed++)));
            } else {
                parent.unlink(name);
            }
            // A path through what stood here now means something else; the parent itself stays open for the caller.
            lastPath = EntryPath.TOP;
        }
        return node;
    }

    void rememberTime(EntryPath path, long seconds, int nanos) throws TarFormatException {
        if (directoryTimes.put(path, new Time(seconds, nanos)) == null) {
            budget.countRemembered(200 + path.pathBytes().length);
        }
    }

    /** Times last, because everything made in a directory changes its time. */
    void finish() throws Failure {
        for (Map.Entry<EntryPath, Time> entry : directoryTimes.entrySet()) {
            Optional<Directory> found = tree.findWithoutLinks(entry.getKey().pathBytes());
            if (found.isPresent()) {
                try (Directory directory = found.get()) {
                    directory.setTime(
                            entry.getValue().seconds(), entry.getValue().nanos());
                }
            }
        }
    }

    private void forgetLast() {
        lastDirectory.ifPresent(Directory::close);
        lastDirectory = Optional.empty();
    }

    private static TarFormatException blocked(EntryPath path) {
        return new TarFormatException(
                "\"%s\" is a file, or a link that leads to no directory of this layer, and a later entry goes through it"
                        .formatted(path.display()));
    }

    @Override
    public void close() {
        forgetLast();
    }
}
