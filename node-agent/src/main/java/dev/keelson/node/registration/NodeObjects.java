package dev.keelson.node.registration;

import dev.keelson.node.eviction.Pressure;
import dev.keelson.node.runtime.Resources;
import dev.keelson.node.status.Timestamps;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.NodeConditionBuilder;
import io.fabric8.kubernetes.api.model.NodeRuntimeHandler;
import io.fabric8.kubernetes.api.model.NodeRuntimeHandlerBuilder;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.NodeStatusBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/** The Node object of this machine (Kubernetes: "Nodes", "Node Status"). Pure. */
public final class NodeObjects {
    /** The Kubernetes that the node speaks, with Keelson's own version behind the plus. */
    public static final String KUBELET_VERSION = "v1.32.0+keelson.0.1.0";

    private static final String OWN_HANDLER = "keelson";
    private static final String RUNTIME_VERSION = "keelson://0.1.0";
    private static final int MOST_PODS = 110;
    private static final int PERCENT = 100;
    private static final long MIB = 1 << 20;
    private static final long RESERVED_MEMORY = 256 * MIB;
    private static final long SHARES_PER_CPU = 1024;
    private static final long LEAST_MEMORY = 100 * MIB;
    /** Below which pods are evicted (kubelet: {@code nodefs.available}). */
    private static final int LEAST_DISK_PERCENT = 10;

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

    /**
     * What the node offers to pods: everything but a reserve of memory for Keelson and the system, and what is left on the disk
     * when pods are evicted.
     */
    public static Map<String, Quantity> allocatable(Machine machine) {
        Map<String, Quantity> amounts = amounts(
                machine, Math.max(machine.memory() / 2, machine.memory() - RESERVED_MEMORY) - hugepages(machine));
        amounts.put(
                "ephemeral-storage",
                new Quantity(String.valueOf(machine.disk() / PERCENT * (PERCENT - LEAST_DISK_PERCENT))));
        return amounts;
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
     * @param pressures that the node is under
     * @param before conditions as they were, for the times of their last transitions
     */
    public static NodeStatus status(
            NodeFacts facts,
            Machine machine,
            Optional<String> notReady,
            Set<Pressure> pressures,
            List<NodeCondition> before,
            Instant now) {
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
                .withNewFeatures()
                .withSupplementalGroupsPolicy(true)
                .endFeatures()
                .withConditions(conditions(pressures, notReady, before, now))
                .build();
    }

    /**
     * What RuntimeClasses may name, and what pods without one get, which has no name. Pods have users of their own with every
     * runtime; that volumes are read-only all the way down is Keelson's own doing.
     */
    static List<NodeRuntimeHandler> handlers(Set<String> others) {
        List<NodeRuntimeHandler> handlers = new ArrayList<>();
        Stream.of("", OWN_HANDLER).map(name -> handler(name, true)).forEach(handlers::add);
        others.stream().sorted().map(name -> handler(name, false)).forEach(handlers::add);
        return handlers;
    }

    private static NodeRuntimeHandler handler(String name, boolean recursiveReadOnly) {
        return new NodeRuntimeHandlerBuilder()
                .withName(name)
                .withNewFeatures()
                .withRecursiveReadOnlyMounts(recursiveReadOnly)
                .withUserNamespaces(true)
                .endFeatures()
                .build();
    }

    private static List<NodeCondition> conditions(
            Set<Pressure> pressures, Optional<String> notReady, List<NodeCondition> before, Instant now) {
        Conditions make = new Conditions(before, Timestamps.seconds(now));
        List<NodeCondition> conditions = new ArrayList<>();
        for (Pressure pressure : Pressure.values()) {
            boolean pressed = pressures.contains(pressure);
            String message = pressure.message(pressed);
            conditions.add(make.of(pressure.condition(), pressed, pressure.reason(pressed), message, message));
        }
        conditions.add(make.of(
                "Ready",
                notReady.isEmpty(),
                notReady.isEmpty() ? "KubeletReady" : "KubeletNotReady",
                "the agent runs pods",
                notReady.orElse("")));
        return conditions;
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
