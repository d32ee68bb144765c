package dev.keelson.node.resource;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BinaryOperator;

/** Amounts by resource name, in cores for {@code cpu} and in units (bytes) for everything else; absent means 0. */
public record Amounts(Map<String, BigDecimal> byName) {
    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

    public static final Amounts NONE = new Amounts(Map.of());

    public Amounts {
        byName = Map.copyOf(byName);
    }

    /** @param quantities as in an API object; may be null, which is nothing */
    public static Amounts of(Map<String, Quantity> quantities) {
        if (quantities == null) {
            return NONE;
        }
        Map<String, BigDecimal> amounts = new TreeMap<>();
        quantities.forEach((name, quantity) -> amounts.put(name, quantity.getNumericalAmount()));
        return new Amounts(amounts);
    }

    public static Amounts limits(Container container) {
        return limits(container.getResources());
    }

    /** @param resources may be null, which is nothing */
    static Amounts limits(ResourceRequirements resources) {
        return resources == null ? NONE : of(resources.getLimits());
    }

    /** Requests; a limit without a request is one (Kubernetes: "Requests and limits"). */
    public static Amounts requests(Container container) {
        return requests(container.getResources());
    }

    /** @param resources may be null, which is nothing */
    static Amounts requests(ResourceRequirements resources) {
        return resources == null ? NONE : limits(resources).overlaid(of(resources.getRequests()));
    }

    /** What is there and more than zero. */
    public Optional<BigDecimal> get(String name) {
        return Optional.ofNullable(byName.get(name)).filter(amount -> amount.signum() > 0);
    }

    public long bytes(String name) {
        return get(name).map(Amounts::whole).orElse(0L);
    }

    /** As the API takes amounts of any size: rounded up, and at most what 64 bits hold, which is as good as no limit. */
    public static long whole(BigDecimal amount) {
        return amount.setScale(0, RoundingMode.CEILING).min(MOST).longValue();
    }

    public static long whole(Quantity quantity) {
        return whole(quantity.getNumericalAmount());
    }

    Amounts plus(Amounts other) {
        return combined(other, BigDecimal::add);
    }

    Amounts max(Amounts other) {
        return combined(other, BigDecimal::max);
    }

    Amounts overlaid(Amounts other) {
        return combined(other, (_, stronger) -> stronger);
    }

    private Amounts combined(Amounts other, BinaryOperator<BigDecimal> operator) {
        Map<String, BigDecimal> amounts = new TreeMap<>(byName);
        other.byName.forEach((name, amount) -> amounts.merge(name, amount, operator));
        return new Amounts(amounts);
    }
}
