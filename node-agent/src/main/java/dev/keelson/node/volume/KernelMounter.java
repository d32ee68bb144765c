package dev.keelson.node.volume;

import dev.keelson.linux.LinuxException;
import dev.keelson.linux.Mounts;
import java.io.IOException;
import java.nio.file.Path;

/** {@link TmpfsMounter} over the kernel, in the agent's own mount namespace. */
public final class KernelMounter implements TmpfsMounter {

    @Override
    public boolean isMounted(Path target) {
        return Mounts.below(target).contains(target.toAbsolutePath());
    }

    @Override
    public void mountTmpfs(Path target, long sizeBytes) throws IOException {
        String options = sizeBytes > 0 ? "mode=0777,size=" + sizeBytes : "mode=0777";
        translated(() -> Mounts.mount("tmpfs", target, Mounts.MS_NOSUID | Mounts.MS_NODEV, options));
    }

    @Override
    public void mountHugePages(Path target, long pageBytes, long sizeBytes) throws IOException {
        String options = "mode=0777,pagesize=" + pageBytes + (sizeBytes > 0 ? ",size=" + sizeBytes : "");
        translated(() -> Mounts.mount("hugetlbfs", target, Mounts.MS_NOSUID | Mounts.MS_NODEV, options));
    }

    @Override
    public void unmount(Path target) throws IOException {
        translated(() -> {
            while (isMounted(target)) {
                Mounts.unmount(target);
            }
        });
    }

    @Override
    public void unmountBelow(Path directory) throws IOException {
        translated(() -> Mounts.below(directory).forEach(Mounts::unmount));
    }

    private static void translated(Runnable work) throws IOException {
        try {
            work.run();
        } catch (LinuxException refused) {
            throw new IOException(refused.getMessage(), refused);
        }
    }
}
