package dev.keelson.node.storage;

import dev.keelson.linux.FileSystemUse;
import dev.keelson.node.resource.Amounts;
import dev.keelson.node.resource.PodTotals;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether a pod takes more of the disk than it may, in the kubelet's words and order. A pod none of whose containers has a
 * limit may take half of the disk, where Kubernetes lets it take all. Pure.
 */
public final class StorageLimits {
    private static final String RESOURCE = "ephemeral-storage";

    private StorageLimits() {}

    /** Whether there is anything to measure for: without a limit only where the disk is so full that it could be this pod. */
    public static boolean limited(PodSpec pod, FileSystemUse disk) {
        return disk.usedBytes() > byDefault(disk) || hasLimit(pod);
    }

    private static long byDefault(FileSystemUse disk) {
        return disk.capacityBytes() / 2;
    }

    private static boolean hasLimit(PodSpec pod) {
        return pod.getVolumes().stream().anyMatch(volume -> sizeLimit(volume).isPresent())
                || Stream.concat(pod.getContainers().stream(), pod.getInitContainers().stream())
                        .anyMatch(container ->
                                Amounts.limits(container).get(RESOURCE).isPresent());
    }

    /** Why the pod has to go; empty when it keeps to its limits. */
    public static Optional<String> exceeded(PodSpec pod, PodStorage use, FileSystemUse disk) {
        return emptyDir(pod, use).or(() -> together(pod, use, disk)).or(() -> container(pod, use));
    }

    private static Optional<String> emptyDir(PodSpec pod, PodStorage use) {
        for (Volume volume : pod.getVolumes()) {
            Optional<Quantity> limit = sizeLimit(volume);
            boolean over = limit.isPresent()
                    && use.emptyDirs().containsKey(volume.getName())
                    && use.emptyDirs().get(volume.getName()).bytes() > bytes(limit.get());
            if (over) {
                return Optional.of("Usage of EmptyDir volume \"%s\" exceeds the limit \"%s\". "
                        .formatted(volume.getName(), limit.get()));
            }
        }
        return Optional.empty();
    }

    private static Optional<String> together(PodSpec pod, PodStorage use, FileSystemUse disk) {
        long limit = PodTotals.of(pod).limits().bytes(RESOURCE);
        if (limit == 0 && use.total().bytes() > byDefault(disk)) {
            return Optional.of(
                    ("Pod ephemeral local storage usage exceeds half of the node's disk (%s), which is the most without a "
                                    + "limit of ephemeral-storage. ")
                            .formatted(BinarySize.of(byDefault(disk))));
        }
        return limit > 0 && use.total().bytes() > limit
                ? Optional.of("Pod ephemeral local storage usage exceeds the total limit of containers %s. "
                        .formatted(BinarySize.of(limit)))
                : Optional.empty();
    }

    private static Optional<String> container(PodSpec pod, PodStorage use) {
        for (Container container : pod.getContainers()) {
            Optional<Quantity> limit = Optional.ofNullable(container.getResources())
                    .map(resources -> resources.getLimits())
                    .map(limits -> limits.get(RESOURCE));
            boolean over = limit.isPresent()
                    && use.containers().containsKey(container.getName())
                    && use.containers().get(container.getName()).total().bytes() > bytes(limit.get());
            if (over) {
                return Optional.of("Container %s exceeded its local ephemeral storage limit \"%s\". "
                        .formatted(container.getName(), limit.get()));
            }
        }
        return Optional.empty();
    }

    /** Of an emptyDir on the disk; the kernel holds one in memory to its size. */
    private static Optional<Quantity> sizeLimit(Volume volume) {
        return Optional.ofNullable(volume.getEmptyDir())
                .filter(directory ->
                        directory.getMedium() == null || directory.getMedium().isEmpty())
                .map(directory -> directory.getSizeLimit())
                .filter(limit -> limit.getNumericalAmount().signum() > 0);
    }

    private static long bytes(Quantity quantity) {
        return Amounts.whole(quantity);
    }
}
