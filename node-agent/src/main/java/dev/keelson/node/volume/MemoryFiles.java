package dev.keelson.node.volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The tmpfs for files that are made from API objects, one for all pods of the node: what is secret never reaches a disk
 * (as the kubelet does it for Secrets and tokens), and making a dozen small files for each pod takes no time.
 */
final class MemoryFiles {
    /** Other users of the host have no business here; containers get their volumes mounted. */
    private static final int PRIVATE = 0700;

    private final PodDirectories directories;
    private final TmpfsMounter mounter;

    MemoryFiles(PodDirectories directories, TmpfsMounter mounter) {
        this.directories = directories;
        this.mounter = mounter;
    }

    /** Makes the pod's directory, on the tmpfs, which is mounted with the first pod unless an agent before has. */
    synchronized void open(String podUid) throws IOException {
        Path pod = directories.memory(podUid);
        if (Files.isDirectory(pod)) {
            return;
        }
        Path top = directories.memory();
        Files.createDirectories(top);
        if (isEmpty(top) && !mounter.isMounted(top)) {
            mounter.mountTmpfs(top, 0);
            Ownership.setMode(top, PRIVATE);
        }
        Files.createDirectory(pod);
    }

    /** Removes the pod's files; with the last pod's the tmpfs goes. */
    synchronized void close(String podUid) throws IOException {
        Path pod = directories.memory(podUid);
        if (!Files.isDirectory(pod)) {
            return;
        }
        AtomicWriter.deleteTree(pod);
        if (isEmpty(directories.memory())) {
            mounter.unmount(directories.memory());
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.findAny().isEmpty();
        }
    }
}
