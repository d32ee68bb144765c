package dev.keelson.node.stats;

import dev.keelson.linux.CgroupUsage;
import dev.keelson.node.runtime.Resources;
import dev.keelson.node.storage.PodStorage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What this node and everything that runs on it uses, at one moment. */
public record NodeSnapshot(Instant time, String node, MachineUse machine, List<PodUse> pods) {

    public NodeSnapshot {
        pods = List.copyOf(pods);
    }

    /**
     * @param total of the pod's group; empty when the sandbox is gone
     * @param network of its interfaces; empty for a pod on the host's network and while nothing runs
     * @param limits of the pod as a whole
     * @param storage what it took on the disk when it was measured last
     */
    public record PodUse(
            String uid,
            String namespace,
            String name,
            Instant startedAt,
            Optional<CgroupUsage> total,
            List<ContainerUse> containers,
            List<NetworkUse> network,
            Resources limits,
            Optional<PodStorage> storage) {

        public PodUse {
            containers = List.copyOf(containers);
            network = List.copyOf(network);
        }
    }

    /** A running container. */
    public record ContainerUse(
            String id, String name, String image, Instant startedAt, CgroupUsage usage, Resources limits) {}
}
