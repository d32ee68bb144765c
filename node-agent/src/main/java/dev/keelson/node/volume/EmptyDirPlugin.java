package dev.keelson.node.volume;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import java.io.IOException;
import java.nio.file.Files;

/** {@code emptyDir}: a directory that lives as long as the pod; on tmpfs with medium Memory. */
final class EmptyDirPlugin implements VolumePlugin {
    private static final int WORLD_WRITABLE = 0777;

    private final TmpfsMounter mounter;

    EmptyDirPlugin(TmpfsMounter mounter) {
        this.mounter = mounter;
    }

    @Override
    public boolean handles(Volume volume) {
        return volume.getEmptyDir() != null;
    }

    @Override
    public void setUp(Setup setup) throws IOException {
        boolean fresh = !Files.isDirectory(setup.directory());
        Files.createDirectories(setup.directory());
        if (inMemory(setup.volume()) && !mounter.isMounted(setup.directory())) {
            mounter.mountTmpfs(setup.directory(), size(setup.volume()));
            fresh = true;
        }
        if (fresh) {
            setup.owner().give(setup.directory());
            Ownership.setMode(
                    setup.directory(), setup.owner().fsGroup() ? WORLD_WRITABLE | Ownership.SET_GID : WORLD_WRITABLE);
        }
    }

    private static boolean inMemory(Volume volume) {
        String medium = volume.getEmptyDir().getMedium();
        if (medium == null || medium.isEmpty()) {
            return false;
        }
        if (medium.equals("Memory")) {
            return true;
        }
        throw new VolumeProblem("emptyDir medium \"%s\" is not supported; use \"\" or \"Memory\"".formatted(medium));
    }

    private static long size(Volume volume) {
        Quantity limit = volume.getEmptyDir().getSizeLimit();
        return limit == null ? 0 : limit.getNumericalAmount().longValue();
    }
}
