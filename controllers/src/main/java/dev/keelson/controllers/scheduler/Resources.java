package dev.keelson.controllers.scheduler;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.LongBinaryOperator;

/**
 * Amounts by resource name: thousandths of a core for {@code cpu}, whole units (bytes) for everything else.
 *
 * @param amounts absent means 0
 */
record Resources(Map<String, Long> amounts) {
    static final Resources NONE = new Resources(Map.of());

    Resources {
        amounts = Map.copyOf(amounts);
    }

    static Resources of(Map<String, Quantity> quantities) {
        if (quantities == null) {
            return NONE;
        }
        Map<String, Long> amounts = new TreeMap<>();
        quantities.forEach((name, quantity) -> amounts.put(name, amount(name, quantity)));
        return new Resources(amounts);
    }

    /** Rounds up: a pod that asks for half a unit occupies one. */
    private static long amount(String name, Quantity quantity) {
        BigDecimal value = quantity.getNumericalAmount();
        BigDecimal units = name.equals("cpu") ? value.movePointRight(3) : value;
        return units.setScale(0, RoundingMode.CEILING).longValue();
    }

    /**
     * What a pod occupies on its node: the containers and sidecars together, or, if that is more, what its hungriest init
     * container needs beside the sidecars started before it; or what the pod as a whole requests of a resource. Plus the overhead of
     * its runtime class.
     *
     * @see <a href="https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers">
     *     Resource sharing within containers</a>
     */
    static Resources requestedBy(Pod pod) {
        Resources running = NONE;
        for (Container container : pod.getSpec().getContainers()) {
            running = running.plus(requests(container));
        }
        Resources sidecars = NONE;
        Resources starting = NONE;
        for (Container init : pod.getSpec().getInitContainers()) {
            if ("Always".equals(init.getRestartPolicy())) {
                sidecars = sidecars.plus(requests(init));
                starting = starting.max(sidecars);
            } else {
                starting = starting.max(sidecars.plus(requests(init)));
            }
        }
        return running.plus(sidecars)
                .max(starting)
                .combine(requested(pod.getSpec().getResources()), (_, ofPod) -> ofPod)
                .plus(of(pod.getSpec().getOverhead()));
    }

    private static Resources requests(Container container) {
        return requested(container.getResources());
    }

    private static Resources requested(ResourceRequirements resources) {
        return resources == null ? NONE : of(resources.getRequests());
    }

    long get(String name) {
        return Objects.requireNonNullElse(amounts.get(name), 0L);
    }

    Resources plus(Resources other) {
        return combine(other, Long::sum);
    }

    private Resources max(Resources other) {
        return combine(other, Math::max);
    }

    private Resources combine(Resources other, LongBinaryOperator operator) {
        Map<String, Long> combined = new TreeMap<>(amounts);
        other.amounts.forEach((name, amount) -> combined.put(name, operator.applyAsLong(get(name), amount)));
        return new Resources(combined);
    }
}
