package dev.keelson.node.volume;

import dev.keelson.node.resource.Amounts;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/** {@code emptyDir}: a directory that lives as long as the pod; on tmpfs with medium Memory, in huge pages with HugePages. */
final class EmptyDirPlugin implements VolumePlugin {
    private static final int WORLD_WRITABLE = 0777;

    private final TmpfsMounter mounter;
    private final Supplier<Map<Long, Long>> hugePages;

    /** @param hugePages what this machine keeps: size of a page to bytes of them */
    EmptyDirPlugin(TmpfsMounter mounter, Supplier<Map<Long, Long>> hugePages) {
        this.mounter = mounter;
        this.hugePages = hugePages;
    }

    @Override
    public boolean handles(Volume volume) {
        return volume.getEmptyDir() != null;
    }

    @Override
    public void setUp(Setup setup) throws IOException {
        boolean fresh = !Files.isDirectory(setup.directory());
        Files.createDirectories(setup.directory());
        String medium = Objects.requireNonNullElse(setup.volume().getEmptyDir().getMedium(), "");
        if (!medium.isEmpty() && !mounter.isMounted(setup.directory())) {
            mount(setup, medium);
            fresh = true;
        }
        if (fresh) {
            setup.owner().give(setup.directory());
            Ownership.setMode(
                    setup.directory(), setup.owner().fsGroup() ? WORLD_WRITABLE | Ownership.SET_GID : WORLD_WRITABLE);
        }
    }

    private void mount(Setup setup, String medium) throws IOException {
        if (medium.equals("Memory")) {
            mounter.mountTmpfs(setup.directory(), size(setup.volume()));
        } else if (HugePageSize.isMeant(medium)) {
            long page = HugePageSize.of(medium, setup.pod().object().getSpec(), hugePages.get());
            mounter.mountHugePages(setup.directory(), page, size(setup.volume()));
        } else {
            throw new VolumeProblem(
                    "emptyDir medium \"%s\" is not supported; use \"\", \"Memory\", \"HugePages\" or one such as \"HugePages-2Mi\""
                            .formatted(medium));
        }
    }

    private static long size(Volume volume) {
        Quantity limit = volume.getEmptyDir().getSizeLimit();
        return limit == null ? 0 : Amounts.whole(limit);
    }
}
