package dev.keelson.node.pod.plan;

import dev.keelson.node.pod.spec.DesiredContainer;
import dev.keelson.node.pod.spec.DesiredPod;
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
        List<String> changed = applied.map(had -> changed(had, wanted)).orElse(List.of());
        if (changed.isEmpty()) {
            return new None();
        }
        boolean restart = container.spec().getResizePolicy().stream()
                .filter(policy -> changed.contains(policy.getResourceName()))
                .map(ContainerResizePolicy::getRestartPolicy)
                .anyMatch("RestartContainer"::equals);
        return restart ? new ByRestart() : new InPlace();
    }

    /**
     * What a change of {@code spec.resources} asks for; always {@link InPlace}, for a pod has no process of its own.
     *
     * @param applied what the pod as a whole was given; when that is not known it is given once more
     */
    static Resize ofPod(DesiredPod pod, Optional<ResourceRequirements> applied) {
        Optional<ResourceRequirements> wanted = wantedOfPod(pod);
        boolean changed = wanted.isPresent()
                && applied.map(had -> !changed(had, wanted.get()).isEmpty()).orElse(true);
        return changed ? new InPlace() : new None();
    }

    static Optional<ResourceRequirements> wantedOfPod(DesiredPod pod) {
        return Optional.ofNullable(pod.object().getSpec().getResources());
    }

    private static List<String> changed(ResourceRequirements had, ResourceRequirements wanted) {
        return RESIZABLE.stream()
                .filter(resource -> differs(had, wanted, resource))
                .toList();
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
