package dev.keelson.node.container;

import dev.keelson.node.resource.Amounts;
import dev.keelson.node.resource.OomScore;
import dev.keelson.node.resource.PodTotals;
import dev.keelson.node.runtime.Resources;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Turns requests and limits into cgroup values (Kubernetes: "Resource Management for Pods and Containers").
 *
 * @param memoryCapacity bytes of memory that the node has
 * @param allocatable what the node offers to pods, sizes of huge pages among it
 */
public record ResourceLimits(long memoryCapacity, Map<String, Quantity> allocatable) {
    /** Without a limit of its own a pod may not exhaust the node's process ids. */
    static final long PIDS = 4096;

    private static final String HUGEPAGES = "hugepages-";
    private static final long SHARES_PER_CPU = 1024;
    private static final long LEAST_SHARES = 2;
    private static final long MOST_SHARES = 262_144;
    private static final long PERIOD_MICROS = 100_000;
    private static final long LEAST_QUOTA_MICROS = 1_000;
    /** Half of what the kernel takes. */
    private static final long MOST_QUOTA_MICROS = 1L << 43;

    public Resources of(PodSpec pod, Container container) {
        Amounts limits = Amounts.limits(container);
        return resources(
                        Amounts.requests(container),
                        limit(pod, limits, "cpu"),
                        limit(pod, limits, "memory"),
                        hugepages(limits.byName().keySet(), limits))
                .withOomScoreAdjust(OomScore.of(pod, container, memoryCapacity));
    }

    /** A container without a limit may use what its pod may as a whole, when that was said of the pod. */
    private static Optional<BigDecimal> limit(PodSpec pod, Amounts own, String resource) {
        return own.get(resource).or(() -> Optional.ofNullable(pod.getResources())
                .flatMap(whole -> Amounts.of(whole.getLimits()).get(resource)));
    }

    /** The pod as a whole; huge pages that it does not ask for are none. */
    public Resources ofPod(PodSpec pod) {
        PodTotals totals = PodTotals.of(pod);
        return resources(
                totals.requests(),
                totals.limit("cpu"),
                totals.limit("memory"),
                hugepages(allocatable.keySet(), totals.limits()));
    }

    private static Map<Long, Long> hugepages(Iterable<String> resources, Amounts limits) {
        Map<Long, Long> pages = new TreeMap<>();
        for (String resource : resources) {
            if (resource.startsWith(HUGEPAGES)) {
                BigDecimal size = new Quantity(resource.substring(HUGEPAGES.length())).getNumericalAmount();
                pages.put(size.longValue(), limits.bytes(resource));
            }
        }
        return pages;
    }

    private static Resources resources(
            Amounts requests, Optional<BigDecimal> cpu, Optional<BigDecimal> memoryBytes, Map<Long, Long> hugepages) {
        OptionalLong quota = cpu.map(
                        cpus -> Math.clamp(round(cpus, PERIOD_MICROS), LEAST_QUOTA_MICROS, MOST_QUOTA_MICROS))
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty());
        OptionalLong memory =
                memoryBytes.map(Amounts::whole).map(OptionalLong::of).orElse(OptionalLong.empty());
        return new Resources(
                shares(requests.get("cpu").orElse(BigDecimal.ZERO)),
                quota,
                memory,
                OptionalLong.of(PIDS),
                hugepages,
                OptionalInt.empty());
    }

    private static OptionalLong shares(BigDecimal cpus) {
        return OptionalLong.of(Math.clamp(round(cpus, SHARES_PER_CPU), LEAST_SHARES, MOST_SHARES));
    }

    private static long round(BigDecimal amount, long unit) {
        return Amounts.whole(amount.multiply(BigDecimal.valueOf(unit)).setScale(0, RoundingMode.HALF_UP));
    }
}
