package dev.keelson.node.volume;

import dev.keelson.node.NodeException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * All files of all pods on this node.
 *
 * @param directory the node's directory
 */
public record PodTree(Path directory, TmpfsMounter mounter) {

    /** Unmounts and removes volumes, logs and the pods' own files; nothing of them may run any more. */
    public void removeAll() {
        try {
            for (Path top : List.of(
                    directory.resolve("pods"), new PodDirectories(directory).memory(), directory.resolve("logs"))) {
                mounter.unmountBelow(top);
                AtomicWriter.deleteTree(top);
            }
        } catch (IOException failure) {
            throw new NodeException(
                    NodeException.Kind.TRANSIENT,
                    "CleanupFailed",
                    "cannot remove the pods' files: " + failure,
                    failure);
        }
    }
}
