package dev.keelson.node.image.layer;

import dev.keelson.linux.FileTree;
import dev.keelson.linux.FileTree.Directory;
import dev.keelson.linux.FileTree.Failure;
import dev.keelson.linux.FileTree.Node;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The layers that the one being unpacked will lie on, looked at from the top down. */
final class LowerLayers implements AutoCloseable {
    private final List<FileTree> topFirst = new ArrayList<>();

    /** @param lowestFirst directories of unpacked layers */
    LowerLayers(List<Path> lowestFirst) throws Failure {
        try {
            for (Path layer : lowestFirst.reversed()) {
                topFirst.add(FileTree.open(layer));
            }
        } catch (Failure e) {
            close();
            throw e;
        }
    }

    /** The directory that would be seen at the path if the new layer had none there. */
    Optional<Node> directory(EntryPath path) throws Failure {
        for (FileTree layer : topFirst) {
            Optional<Directory> found = layer.findWithoutLinks(path.pathBytes());
            if (found.isPresent()) {
                try (Directory directory = found.get()) {
                    return Optional.of(directory.stat());
                }
            }
        }
        return Optional.empty();
    }

    /** Whether there is something at the path that the new layer could hide. */
    boolean contains(EntryPath path) throws Failure {
        for (FileTree layer : topFirst) {
            Optional<Directory> parent = layer.findWithoutLinks(path.parent().pathBytes());
            if (parent.isPresent()) {
                try (Directory directory = parent.get()) {
                    Optional<Node> node = directory.stat(path.nameBytes());
                    if (node.isPresent()) {
                        return !node.get().isCharacterDevice();
                    }
                }
            }
        }
        return false;
    }

    @Override
    public void close() {
        topFirst.forEach(FileTree::close);
    }
}
