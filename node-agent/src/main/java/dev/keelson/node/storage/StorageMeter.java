package dev.keelson.node.storage;

import dev.keelson.linux.DiskUse;
import dev.keelson.node.pod.spec.DesiredContainer;
import dev.keelson.node.pod.spec.DesiredPod;
import dev.keelson.node.runtime.ContainerStatus;
import dev.keelson.node.runtime.RuntimeService;
import dev.keelson.node.volume.PodDirectories;
import io.fabric8.kubernetes.api.model.Volume;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Measures what pods take on the disk by walking their directories. Trees that take long to walk are walked less often, so
 * that measuring never costs more than a few percent of a processor. One thread measures, which is no virtual one; what it
 * found may be looked up by any.
 */
public final class StorageMeter {
    private static final int PAUSE_PER_COST = 50;
    /** How long after a question all pods are measured, and not only those that are limited. */
    private static final long INTEREST_NANOS = Duration.ofMinutes(5).toNanos();

    private final RuntimeService runtime;
    private final PodDirectories directories;
    private final Map<String, Measured> known = new ConcurrentHashMap<>();
    private volatile OptionalLong lookedUpAt = OptionalLong.empty();

    private record Measured(PodStorage use, long atNanos, long costNanos) {}

    public StorageMeter(RuntimeService runtime, PodDirectories directories) {
        this.runtime = runtime;
        this.directories = directories;
    }

    /** @param freshness how old an answer may be; one that was costly to find may be older */
    public PodStorage of(DesiredPod pod, Duration freshness) {
        Measured before = known.get(pod.uid());
        long now = System.nanoTime();
        if (before != null && now - before.atNanos < Math.max(freshness.toNanos(), before.costNanos * PAUSE_PER_COST)) {
            return before.use;
        }
        PodStorage use = measure(pod);
        long end = System.nanoTime();
        known.put(pod.uid(), new Measured(use, end, end - now));
        return use;
    }

    /** What was found last, by whatever walk; a pod that nobody has measured yet will be, soon after. */
    public Optional<PodStorage> latest(String podUid) {
        lookedUpAt = OptionalLong.of(System.nanoTime());
        return Optional.ofNullable(known.get(podUid)).map(Measured::use);
    }

    /** Whether somebody has lately looked up what pods take. */
    public boolean isLookedAt() {
        OptionalLong last = lookedUpAt;
        return last.isPresent() && System.nanoTime() - last.getAsLong() < INTEREST_NANOS;
    }

    public void forgetAllBut(Set<String> uids) {
        known.keySet().retainAll(uids);
    }

    private PodStorage measure(DesiredPod pod) {
        Map<String, PodStorage.Container> containers = new HashMap<>();
        pod.allContainers().map(DesiredContainer::name).forEach(name -> newestRun(pod, name)
                .ifPresent(run -> containers.put(
                        name,
                        new PodStorage.Container(
                                DiskUse.of(runtime.writableLayer(run.id())),
                                DiskUse.of(directories
                                        .logs(pod.uid(), pod.namespace(), pod.name())
                                        .resolve(name))))));
        Map<String, DiskUse> emptyDirs = new HashMap<>();
        for (Volume volume : pod.object().getSpec().getVolumes()) {
            boolean onDisk = volume.getEmptyDir() != null
                    && Objects.requireNonNullElse(volume.getEmptyDir().getMedium(), "")
                            .isEmpty();
            if (onDisk) {
                emptyDirs.put(volume.getName(), DiskUse.of(directories.volume(pod.uid(), volume.getName())));
            }
        }
        return new PodStorage(containers, emptyDirs);
    }

    private Optional<ContainerStatus> newestRun(DesiredPod pod, String container) {
        return runtime.listContainers().stream()
                .filter(run -> run.podUid().equals(pod.uid()) && run.name().equals(container))
                .max(Comparator.comparing(ContainerStatus::attempt));
    }
}
