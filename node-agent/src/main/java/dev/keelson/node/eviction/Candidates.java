package dev.keelson.node.eviction;

import dev.keelson.linux.CgroupUsage;
import dev.keelson.linux.DiskUse;
import dev.keelson.node.eviction.Candidate.ContainerUse;
import dev.keelson.node.manifest.MirrorPods;
import dev.keelson.node.pod.spec.DesiredPod;
import dev.keelson.node.resource.Amounts;
import dev.keelson.node.resource.PodTotals;
import dev.keelson.node.resource.Priorities;
import dev.keelson.node.stats.NodeSnapshot;
import dev.keelson.node.stats.NodeSnapshot.PodUse;
import dev.keelson.node.stats.StatsCollector;
import dev.keelson.node.storage.PodStorage;
import dev.keelson.node.storage.StorageMeter;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Looks up what the pods of a node use, when one of them has to go. */
final class Candidates {
    private static final Duration FRESH = Duration.ofSeconds(10);
    private static final String STORAGE = "ephemeral-storage";

    private final StatsCollector stats;
    private final StorageMeter meter;

    Candidates(StatsCollector stats, StorageMeter meter) {
        this.stats = stats;
        this.meter = meter;
    }

    static boolean critical(DesiredPod pod) {
        return MirrorPods.isStatic(pod.object())
                || Priorities.isCritical(pod.object().getSpec());
    }

    /** Whether something of the pod runs. */
    boolean running(String uid) {
        return stats.collect().pods().stream()
                .anyMatch(pod -> pod.uid().equals(uid) && !pod.containers().isEmpty());
    }

    List<Candidate> of(List<DesiredPod> pods, Signal signal) {
        NodeSnapshot now = stats.collect();
        return pods.stream()
                .flatMap(pod -> now.pods().stream()
                        .filter(use ->
                                use.uid().equals(pod.uid()) && !use.containers().isEmpty())
                        .map(use -> candidate(
                                pod, use, signal.pressure() == Pressure.DISK ? meter.of(pod, FRESH) : PodStorage.NONE)))
                .toList();
    }

    private static Candidate candidate(DesiredPod pod, PodUse use, PodStorage storage) {
        PodSpec spec = pod.object().getSpec();
        Amounts requests = PodTotals.of(spec).requests();
        Optional<CgroupUsage> total = use.total();
        return new Candidate(
                pod,
                critical(pod),
                Priorities.of(spec),
                requests.bytes("memory"),
                total.map(usage -> usage.memory().workingSetBytes()).orElse(0L),
                requests.bytes(STORAGE),
                storage.total(),
                total.map(CgroupUsage::pids).orElse(0L),
                use.containers().stream()
                        .flatMap(container -> pod.container(container.name()).stream()
                                .map(desired -> container(container, Amounts.requests(desired.spec()), storage)))
                        .toList());
    }

    private static ContainerUse container(NodeSnapshot.ContainerUse use, Amounts requests, PodStorage storage) {
        DiskUse disk = Optional.ofNullable(storage.containers().get(use.name()))
                .map(PodStorage.Container::total)
                .orElse(DiskUse.NONE);
        return new ContainerUse(
                use.name(),
                requests.bytes("memory"),
                use.usage().memory().workingSetBytes(),
                requests.bytes(STORAGE),
                disk.bytes());
    }
}
