package dev.keelson.node.volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The tmpfs for files that are made from API objects, one for all pods of the node: what is secret never reaches a disk
 * (as the kubelet does it for Secrets and tokens), and making a dozen small files for each pod takes no time.
 */
final class MemoryFiles {
    /** Other users of the host have no business here; containers get their volumes mounted. */
    private static final int PRIVATE = 0700;

    private final Path directory;
    private final TmpfsMounter mounter;
    private boolean mounted;

    MemoryFiles(Path directory, TmpfsMounter mounter) {
        this.directory = directory;
        this.mounter = mounter;
    }

    /** Mounts it unless an agent before has. */
    synchronized void ensure() throws IOException {
        if (mounted) {
            return;
        }
        Files.createDirectories(directory);
        if (!mounter.isMounted(directory)) {
            mounter.mountTmpfs(directory, 0);
            Ownership.setMode(directory, PRIVATE);
        }
        mounted = true;
    }
}
