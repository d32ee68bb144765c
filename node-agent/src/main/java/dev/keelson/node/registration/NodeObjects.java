package dev.keelson.node.registration;

import dev.keelson.node.runtime.Resources;
import dev.keelson.node.status.Timestamps;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.NodeConditionBuilder;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.NodeStatusBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The Node object of this machine (Kubernetes: "Nodes", "Node Status"). Pure. */
public final class NodeObjects {
    /** The Kubernetes that the node speaks, with Keelson's own version behind the plus. */
    public static final String KUBELET_VERSION = "v1.32.0+keelson.0.1.0";

    private static final String RUNTIME_VERSION = "keelson://0.1.0";
    private static final int MOST_PODS = 110;
    private static final long MIB = 1 << 20;
    private static final long RESERVED_MEMORY = 256 * MIB;
    private static final long SHARES_PER_CPU = 1024;
    private static final long LEAST_MEMORY = 100 * MIB;
    private static final int LEAST_DISK_PERCENT = 10;
    private static final long LEAST_PIDS = 1000;

    private NodeObjects() {}

    /** The object that is created when the API server has none. */
    public static Node node(NodeFacts facts, Machine machine) {
        return new NodeBuilder()
                .withNewMetadata()
                .withName(facts.name())
                .withLabels(labels(facts, machine))
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .build();
    }

    static Map<String, String> labels(NodeFacts facts, Machine machine) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("kubernetes.io/hostname", facts.name());
        labels.put("kubernetes.io/os", "linux");
        labels.put("kubernetes.io/arch", machine.architecture());
        labels.put("beta.kubernetes.io/os", "linux");
        labels.put("beta.kubernetes.io/arch", machine.architecture());
        return labels;
    }

    /** What the node offers to pods: everything but a reserve of memory for Keelson and the system. */
    public static Map<String, Quantity> allocatable(Machine machine) {
        return amounts(
                machine, Math.max(machine.memory() / 2, machine.memory() - RESERVED_MEMORY) - hugepages(machine));
    }

    /**
     * What all pods together may use (kubelet: {@code enforceNodeAllocatable: pods}): what is allocatable and, as there, the
     * memory below which pods are evicted, so that eviction comes before the kernel's own choice.
     */
    public static Resources enforced(Machine machine) {
        long memory =
                Math.max(machine.memory() / 2, machine.memory() - RESERVED_MEMORY) + LEAST_MEMORY - hugepages(machine);
        return new Resources(
                OptionalLong.of(machine.cpus() * SHARES_PER_CPU),
                OptionalLong.empty(),
                OptionalLong.of(memory),
                OptionalLong.empty());
    }

    private static long hugepages(Machine machine) {
        return machine.hugepages().values().stream().mapToLong(Long::longValue).sum();
    }

    private static Map<String, Quantity> amounts(Machine machine, long memory) {
        Map<String, Quantity> amounts = new LinkedHashMap<>();
        amounts.put("cpu", new Quantity(String.valueOf(machine.cpus())));
        amounts.put("memory", new Quantity(memory / 1024 + "Ki"));
        amounts.put("ephemeral-storage", new Quantity(machine.disk() / 1024 + "Ki"));
        machine.hugepages().forEach((size, bytes) -> amounts.put("hugepages-" + size(size), new Quantity(size(bytes))));
        amounts.put("pods", new Quantity(String.valueOf(MOST_PODS)));
        return amounts;
    }

    /** The shortest form with a binary suffix. */
    private static String size(long bytes) {
        if (bytes > 0 && bytes % (MIB * 1024) == 0) {
            return bytes / MIB / 1024 + "Gi";
        }
        return bytes > 0 && bytes % MIB == 0 ? bytes / MIB + "Mi" : bytes == 0 ? "0" : bytes / 1024 + "Ki";
    }

    /**
     * @param notReady why pods cannot run here; empty when they can
     * @param before conditions as they were, for the times of their last transitions
     */
    public static NodeStatus status(
            NodeFacts facts, Machine machine, Optional<String> notReady, List<NodeCondition> before, Instant now) {
        return new NodeStatusBuilder()
                .withCapacity(amounts(machine, machine.memory()))
                .withAllocatable(allocatable(machine))
                .addNewAddress()
                .withType("InternalIP")
                .withAddress(facts.ip())
                .endAddress()
                .addNewAddress()
                .withType("Hostname")
                .withAddress(facts.name())
                .endAddress()
                .withNewDaemonEndpoints()
                .withNewKubeletEndpoint(facts.port())
                .endDaemonEndpoints()
                .withNewNodeInfo()
                .withArchitecture(machine.architecture())
                .withOperatingSystem("linux")
                .withKernelVersion(machine.kernel())
                .withOsImage(machine.osImage())
                .withMachineID(machine.machineId())
                .withSystemUUID(machine.systemUuid())
                .withBootID(machine.bootId())
                .withKubeletVersion(KUBELET_VERSION)
                .withKubeProxyVersion(KUBELET_VERSION)
                .withContainerRuntimeVersion(RUNTIME_VERSION)
                .endNodeInfo()
                .withConditions(conditions(machine, notReady, before, now))
                .build();
    }

    private static List<NodeCondition> conditions(
            Machine machine, Optional<String> notReady, List<NodeCondition> before, Instant now) {
        boolean memory = machine.memoryAvailable() < LEAST_MEMORY;
        boolean disk = machine.diskAvailable() < machine.disk() * LEAST_DISK_PERCENT / 100;
        boolean pids = machine.pidsAvailable() < LEAST_PIDS;
        Conditions make = new Conditions(before, Timestamps.seconds(now));
        return List.of(
                make.of(
                        "MemoryPressure",
                        memory,
                        memory ? "KubeletHasInsufficientMemory" : "KubeletHasSufficientMemory",
                        "%d MiB of memory are available".formatted(machine.memoryAvailable() / MIB),
                        "sufficient memory"),
                make.of(
                        "DiskPressure",
                        disk,
                        disk ? "KubeletHasDiskPressure" : "KubeletHasNoDiskPressure",
                        "%d MiB of disk are available".formatted(machine.diskAvailable() / MIB),
                        "no disk pressure"),
                make.of(
                        "PIDPressure",
                        pids,
                        pids ? "KubeletHasInsufficientPID" : "KubeletHasSufficientPID",
                        "%d processes can still be made".formatted(machine.pidsAvailable()),
                        "sufficient PID available"),
                make.of(
                        "Ready",
                        notReady.isEmpty(),
                        notReady.isEmpty() ? "KubeletReady" : "KubeletNotReady",
                        "the agent runs pods",
                        notReady.orElse("")));
    }

    /** Makes conditions whose transition times are kept while they stay the same. */
    private record Conditions(List<NodeCondition> before, String now) {

        /** @param whenTrue message for status True, {@code whenFalse} for False */
        NodeCondition of(String type, boolean status, String reason, String whenTrue, String whenFalse) {
            String value = status ? "True" : "False";
            String since = before.stream()
                    .filter(old -> old.getType().equals(type) && value.equals(old.getStatus()))
                    .map(NodeCondition::getLastTransitionTime)
                    .findFirst()
                    .orElse(now);
            return new NodeConditionBuilder()
                    .withType(type)
                    .withStatus(value)
                    .withReason(reason)
                    .withMessage(status ? whenTrue : whenFalse)
                    .withLastHeartbeatTime(now)
                    .withLastTransitionTime(since)
                    .build();
        }
    }
}
