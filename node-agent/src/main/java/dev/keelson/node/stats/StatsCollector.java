package dev.keelson.node.stats;

import dev.keelson.linux.CgroupUsage;
import dev.keelson.node.NodeException;
import dev.keelson.node.runtime.ContainerStatus;
import dev.keelson.node.runtime.RuntimeService;
import dev.keelson.node.stats.NodeSnapshot.ContainerUse;
import dev.keelson.node.stats.NodeSnapshot.PodUse;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Looks at what everything on this node uses. Each look reads the kernel's files anew; nothing is sampled meanwhile. */
public final class StatsCollector {
    private final String node;
    private final Supplier<List<Pod>> pods;
    private final RuntimeService runtime;
    private final Supplier<MachineUse> machine;
    private final PodFacts facts;
    private final InstantSource clock;

    public StatsCollector(
            String node,
            Supplier<List<Pod>> pods,
            RuntimeService runtime,
            Supplier<MachineUse> machine,
            PodFacts facts,
            InstantSource clock) {
        this.node = node;
        this.pods = pods;
        this.runtime = runtime;
        this.machine = machine;
        this.facts = facts;
        this.clock = clock;
    }

    public NodeSnapshot collect() {
        List<ContainerStatus> running = runtime.listContainers().stream()
                .filter(run -> run.state() == ContainerStatus.State.RUNNING)
                .toList();
        List<PodUse> found = pods.get().stream()
                .map(pod -> pod(
                        pod,
                        running.stream()
                                .filter(run ->
                                        run.podUid().equals(pod.getMetadata().getUid()))
                                .toList()))
                .toList();
        return new NodeSnapshot(clock.instant(), node, machine.get(), found);
    }

    private PodUse pod(Pod pod, List<ContainerStatus> running) {
        boolean hostNetwork = Boolean.TRUE.equals(pod.getSpec().getHostNetwork());
        return new PodUse(
                pod.getMetadata().getUid(),
                pod.getMetadata().getNamespace(),
                pod.getMetadata().getName(),
                startedAt(pod),
                usage(() -> runtime.podSandboxStats(pod.getMetadata().getUid()).usage()),
                containers(pod, running),
                hostNetwork
                        ? List.of()
                        : running.stream()
                                .findFirst()
                                .map(run -> NetworkUse.of(run.pid()))
                                .orElse(List.of()),
                facts.limits(pod, ""),
                facts.storage(pod.getMetadata().getUid()));
    }

    private Instant startedAt(Pod pod) {
        return Optional.ofNullable(pod.getStatus())
                .map(status -> status.getStartTime())
                .map(Instant::parse)
                .orElseGet(clock::instant);
    }

    private List<ContainerUse> containers(Pod pod, List<ContainerStatus> running) {
        List<ContainerUse> uses = new ArrayList<>();
        for (ContainerStatus run : running) {
            usage(() -> runtime.containerStats(run.id()).usage())
                    .ifPresent(usage -> uses.add(new ContainerUse(
                            run.id(),
                            run.name(),
                            run.image(),
                            run.startedAt().orElse(run.createdAt()),
                            usage,
                            facts.limits(pod, run.name()))));
        }
        return uses;
    }

    /** Empty when it ended between the listing and the question. */
    private static Optional<CgroupUsage> usage(Supplier<CgroupUsage> question) {
        try {
            return Optional.of(question.get());
        } catch (NodeException ended) {
            return Optional.empty();
        }
    }
}
