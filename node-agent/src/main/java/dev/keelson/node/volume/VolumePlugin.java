package dev.keelson.node.volume;

import dev.keelson.node.pod.spec.DesiredPod;
import dev.keelson.node.runtime.ContainerConfig.HostPath;
import dev.keelson.node.runtime.ContainerConfig.Source;
import io.fabric8.kubernetes.api.model.Volume;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Sets up one type of volume. Repeatable; a {@link VolumeProblem} says why it cannot be done. */
interface VolumePlugin {

    boolean handles(Volume volume);

    void setUp(Setup setup) throws IOException;

    /** Where on the host the volume is. */
    default Path directory(PodDirectories directories, String podUid, String name) {
        return directories.volume(podUid, name);
    }

    /** What containers see of the volume, or of what a checked {@code subPath} names in it. */
    default Source source(DesiredPod pod, Volume volume, Path directory, String subPath) throws IOException {
        return new HostPath(directory, subPath);
    }

    /** Whether host ids must be shifted when it is mounted, because its files are not the pod's own. */
    default boolean idmapped() {
        return false;
    }

    /** Whether containers may only read it. */
    default boolean readOnly() {
        return false;
    }

    /** @param directory the volume's own directory on the host */
    record Setup(DesiredPod pod, Volume volume, Path directory, Ownership owner, List<String> podIps) {}
}
