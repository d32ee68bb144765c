package dev.keelson.node.volume;

import java.io.IOException;
import java.nio.file.Path;

/** The mounts that volumes need from the kernel. */
public interface TmpfsMounter {

    boolean isMounted(Path target);

    /** @param sizeBytes 0 for the kernel's default, half of memory */
    void mountTmpfs(Path target, long sizeBytes) throws IOException;

    /**
     * A file system whose files are huge pages.
     *
     * @param pageBytes size of its pages
     * @param sizeBytes what it may hold; 0 for no limit of its own
     */
    void mountHugePages(Path target, long pageBytes, long sizeBytes) throws IOException;

    /** Unmounts everything at the target; nothing there is fine. */
    void unmount(Path target) throws IOException;

    /** Unmounts everything at or below a directory, deepest first. */
    void unmountBelow(Path directory) throws IOException;
}
