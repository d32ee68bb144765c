package dev.keelson.node.resource;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What a pod asks for and may use as a whole: its containers and sidecars together, or, if that is more, what its hungriest
 * init container has beside the sidecars started before it; or what {@code spec.resources} says of the pod as a whole. Plus the
 * overhead of its runtime class.
 *
 * @param spec whose totals these are
 * @param limits sums of the limits that are set, whether or not every container has one
 * @see <a href="https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers">
 *     Resource sharing within containers</a>
 */
public record PodTotals(PodSpec spec, Amounts requests, Amounts limits) {

    public static PodTotals of(PodSpec spec) {
        Amounts overhead = Amounts.of(spec.getOverhead());
        return new PodTotals(
                spec,
                total(spec, Amounts::requests)
                        .overlaid(Amounts.requests(spec.getResources()))
                        .plus(overhead),
                total(spec, Amounts::limits)
                        .overlaid(Amounts.limits(spec.getResources()))
                        .plus(overhead));
    }

    private static Amounts total(PodSpec spec, Function<Container, Amounts> amounts) {
        Amounts running = spec.getContainers().stream().map(amounts).reduce(Amounts.NONE, Amounts::plus);
        Amounts sidecars = Amounts.NONE;
        Amounts starting = Amounts.NONE;
        for (Container init : spec.getInitContainers()) {
            Amounts own = amounts.apply(init);
            if ("Always".equals(init.getRestartPolicy())) {
                sidecars = sidecars.plus(own);
                starting = starting.max(sidecars);
            } else {
                starting = starting.max(sidecars.plus(own));
            }
        }
        return running.plus(sidecars).max(starting);
    }

    /** What the pod as a whole requests beyond its containers, for each of them (kubelet: oom policy). */
    static long memoryToShare(PodSpec spec) {
        long whole = Amounts.requests(spec.getResources()).bytes("memory");
        long own = total(spec, Amounts::requests).bytes("memory");
        return Math.max(0, whole - own) / Math.max(1, spec.getContainers().size());
    }

    /** The limit of the pod as a whole: its own, else there is none while one of its containers has none. */
    public Optional<BigDecimal> limit(String resource) {
        boolean own = Amounts.limits(spec.getResources()).get(resource).isPresent();
        boolean everyOne = own
                || Stream.concat(spec.getInitContainers().stream(), spec.getContainers().stream())
                        .allMatch(container ->
                                Amounts.limits(container).get(resource).isPresent());
        return everyOne ? limits.get(resource) : Optional.empty();
    }
}
