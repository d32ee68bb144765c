package dev.keelson.node.pod;

import io.fabric8.kubernetes.api.model.ContainerResizePolicy;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a change of a running container's cpu or memory asks for (Kubernetes: "Resize CPU and Memory Resources"). */
public sealed interface Resize {
    /** The resources that can change while a container runs. */
    List<String> RESIZABLE = List.of("cpu", "memory");

    /** It already has what its spec says. */
    record None() implements Resize {}

    /** Its limits change under the running process. */
    record InPlace() implements Resize {}

    /** Its resize policy says that the process has to begin anew with the new limits. */
    record ByRestart() implements Resize {}

    /** @param applied what the running container was given; empty when that is not known */
    static Resize of(DesiredContainer container, Optional<ResourceRequirements> applied) {
        ResourceRequirements wanted = wanted(container);
        List<String> changed = applied.map(had -> RESIZABLE.stream()
                        .filter(resource -> differs(had, wanted, resource))
                        .toList())
                .orElse(List.of());
        if (changed.isEmpty()) {
            return new None();
        }
        boolean restart = container.spec().getResizePolicy().stream()
                .filter(policy -> changed.contains(policy.getResourceName()))
                .map(ContainerResizePolicy::getRestartPolicy)
                .anyMatch("RestartContainer"::equals);
        return restart ? new ByRestart() : new InPlace();
    }

    static ResourceRequirements wanted(DesiredContainer container) {
        return Optional.ofNullable(container.spec().getResources()).orElseGet(ResourceRequirements::new);
    }

    private static boolean differs(ResourceRequirements had, ResourceRequirements wanted, String resource) {
        return !amount(had.getRequests(), resource).equals(amount(wanted.getRequests(), resource))
                || !amount(had.getLimits(), resource).equals(amount(wanted.getLimits(), resource));
    }

    /** Compared as numbers: {@code 1000m} is {@code 1}. */
    private static Optional<BigDecimal> amount(Map<String, Quantity> amounts, String resource) {
        return Optional.ofNullable(amounts)
                .map(all -> all.get(resource))
                .map(Quantity::getNumericalAmount)
                .map(BigDecimal::stripTrailingZeros);
    }
}
