package dev.keelson.node.container;

import dev.keelson.node.NodeException;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceFieldSelector;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Reads a container's own limits and requests for env and downwardAPI volumes. */
public final class ResourceFields {
    private ResourceFields() {}

    /** The amount divided by the selector's divisor, rounded up; a limit that is not set is the node's capacity. */
    public static String value(Container container, ResourceFieldSelector selector, Map<String, Quantity> node) {
        String[] path = Objects.requireNonNullElse(selector.getResource(), "").split("\\.", 2);
        if (path.length != 2 || !(path[0].equals("limits") || path[0].equals("requests"))) {
            throw new NodeException(
                    NodeException.Kind.INVALID,
                    "CreateContainerConfigError",
                    "resourceFieldRef \"%s\" is not offered; use limits.* or requests.* of cpu, memory, ephemeral-storage"
                            .formatted(selector.getResource()));
        }
        BigDecimal amount = amount(container, path[0], path[1])
                .or(() -> path[0].equals("limits") ? Optional.ofNullable(node.get(path[1])) : Optional.empty())
                .map(Quantity::getNumericalAmount)
                .orElse(BigDecimal.ZERO);
        BigDecimal divisor = Optional.ofNullable(selector.getDivisor())
                .map(Quantity::getNumericalAmount)
                .filter(value -> value.signum() > 0)
                .orElse(BigDecimal.ONE);
        return amount.divide(divisor, 0, RoundingMode.CEILING).toPlainString();
    }

    private static Optional<Quantity> amount(Container container, String list, String resource) {
        ResourceRequirements resources = container.getResources();
        if (resources == null) {
            return Optional.empty();
        }
        Map<String, Quantity> amounts = list.equals("limits") ? resources.getLimits() : resources.getRequests();
        Optional<Quantity> own = Optional.ofNullable(amounts).map(values -> values.get(resource));
        // A request that is not set is what the limit is (Kubernetes: "Resource Management").
        return own.isPresent() || list.equals("limits") ? own : amount(container, "limits", resource);
    }
}
