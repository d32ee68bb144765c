package dev.keelson.node.container;

import dev.keelson.node.runtime.Resources;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** Turns requests and limits into cgroup values (Kubernetes: "Resource Management for Pods and Containers"). */
final class ResourceLimits {
    /** Without a limit of its own a pod may not exhaust the node's process ids. */
    static final long PIDS = 4096;

    private static final long SHARES_PER_CPU = 1024;
    private static final long LEAST_SHARES = 2;
    private static final long MOST_SHARES = 262_144;
    private static final long PERIOD_MICROS = 100_000;
    private static final long LEAST_QUOTA_MICROS = 1_000;

    private ResourceLimits() {}

    static Resources of(Container container) {
        return resources(
                shares(List.of(container), BigDecimal.ZERO), limit(container, "cpu"), limit(container, "memory"));
    }

    /**
     * The pod as a whole: what its containers have together, and no limit where one of them has none.
     *
     * @param overhead what the pod's RuntimeClass adds
     */
    static Resources ofPod(List<Container> containers, Map<String, Quantity> overhead) {
        BigDecimal cpu = overhead(overhead, "cpu");
        BigDecimal memory = overhead(overhead, "memory");
        return resources(
                shares(containers, cpu),
                sum(containers, "cpu").map(cpu::add),
                sum(containers, "memory").map(memory::add));
    }

    private static BigDecimal overhead(Map<String, Quantity> overhead, String resource) {
        return Optional.ofNullable(overhead.get(resource))
                .map(Quantity::getNumericalAmount)
                .orElse(BigDecimal.ZERO);
    }

    private static Resources resources(
            OptionalLong shares, Optional<BigDecimal> cpu, Optional<BigDecimal> memoryBytes) {
        OptionalLong quota = cpu.map(cpus -> Math.max(LEAST_QUOTA_MICROS, round(cpus, PERIOD_MICROS)))
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty());
        OptionalLong memory =
                memoryBytes.map(BigDecimal::longValue).map(OptionalLong::of).orElse(OptionalLong.empty());
        return new Resources(shares, quota, memory, OptionalLong.of(PIDS));
    }

    private static OptionalLong shares(List<Container> containers, BigDecimal further) {
        BigDecimal cpus = containers.stream()
                .map(container -> request(container, "cpu").orElse(BigDecimal.ZERO))
                .reduce(further, BigDecimal::add);
        long shares = round(cpus, SHARES_PER_CPU);
        return OptionalLong.of(Math.clamp(shares, LEAST_SHARES, MOST_SHARES));
    }

    private static long round(BigDecimal amount, long unit) {
        return amount.multiply(BigDecimal.valueOf(unit))
                .setScale(0, RoundingMode.HALF_UP)
                .longValue();
    }

    private static Optional<BigDecimal> sum(List<Container> containers, String resource) {
        BigDecimal total = BigDecimal.ZERO;
        for (Container container : containers) {
            Optional<BigDecimal> limit = limit(container, resource);
            if (limit.isEmpty()) {
                return Optional.empty();
            }
            total = total.add(limit.get());
        }
        return containers.isEmpty() ? Optional.empty() : Optional.of(total);
    }

    private static Optional<BigDecimal> limit(Container container, String resource) {
        return amount(container, ResourceRequirements::getLimits, resource);
    }

    private static Optional<BigDecimal> request(Container container, String resource) {
        return amount(container, ResourceRequirements::getRequests, resource).or(() -> limit(container, resource));
    }

    private static Optional<BigDecimal> amount(
            Container container, Function<ResourceRequirements, Map<String, Quantity>> list, String resource) {
        return Optional.ofNullable(container.getResources())
                .map(list)
                .map(amounts -> amounts.get(resource))
                .map(Quantity::getNumericalAmount)
                .filter(amount -> amount.signum() > 0);
    }
}
