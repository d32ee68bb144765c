package dev.keelson.node.volume;

import dev.keelson.linux.Beneath;
import dev.keelson.linux.FileTree;
import dev.keelson.linux.FileTree.Directory;
import dev.keelson.linux.LinuxException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * What a {@code subPath} names in a volume: made when it is missing, refused when it leads out. A container may change
 * its volume meanwhile, so every step goes through directories that are held open and found beneath the volume's root;
 * the engine resolves the path once more, in the same way, for what it mounts.
 */
final class SubPaths {
    private static final int PERMISSIONS = 07777;

    private SubPaths() {}

    /** @param path checked by {@link #check} */
    static void prepare(Path root, String path, int owner) throws IOException {
        try (FileTree tree = FileTree.open(root)) {
            String parent = "";
            for (Path part : Path.of(path)) {
                String name = part.toString();
                makeMissing(tree, parent, name, owner);
                parent = parent.isEmpty() ? name : parent + "/" + name;
            }
        }
        try {
            Beneath.open(root, path).close();
        } catch (LinuxException leadsOut) {
            throw new IOException(leadsOut.getMessage(), leadsOut);
        }
    }

    /** Makes a directory with the permissions of the volume's root (as the kubelet), unless there is something. */
    private static void makeMissing(FileTree tree, String parent, String name, int owner) throws IOException {
        FileTree.Node root = tree.top().stat();
        byte[] path = parent.getBytes(StandardCharsets.UTF_8);
        byte[] last = name.getBytes(StandardCharsets.UTF_8);
        try (Directory directory = tree.findBeneath(path)
                .orElseThrow(() -> new IOException("\"%s\" is not a directory of the volume".formatted(parent)))) {
            if (directory.stat(last).isPresent()) {
                return;
            }
            directory.makeDirectory(last);
            try (Directory made = directory.openDirectory(last)) {
                made.setOwner(owner, (root.mode() & Ownership.SET_GID) == 0 ? owner : root.gid());
                made.setMode(root.mode() & PERMISSIONS);
            }
        }
    }

    /** Whether a path may be used at all: relative, and without a way up. */
    static boolean isInside(String path) {
        if (path.startsWith("/")) {
            return false;
        }
        for (Path part : Path.of(path)) {
            if (part.toString().equals("..")) {
                return false;
            }
        }
        return true;
    }
}
