package dev.keelson.apiserver.registry.rules;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.selector.LabelNames;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;

/** Names and amounts of resources (core/validation's {@code ValidateResourceQuantityValue} and core's helpers). */
public final class QuantityRules {
    private static final String HUGE_PAGES = "hugepages-";
    private static final String KUBERNETES = "kubernetes.io/";
    private static final BigDecimal THOUSAND = BigDecimal.valueOf(1000);

    /** Those that are counted, so that there is no half of one. */
    private static final Set<String> COUNTED = Set.of(
            "pods",
            "resourcequotas",
            "services",
            "replicationcontrollers",
            "secrets",
            "configmaps",
            "persistentvolumeclaims",
            "services.nodeports",
            "services.loadbalancers");

    private static final Set<String> OF_CONTAINERS = Set.of("cpu", "memory", "ephemeral-storage");

    private static final Set<String> MEASURED = Set.of(
            "cpu",
            "memory",
            "ephemeral-storage",
            "storage",
            "requests.cpu",
            "requests.memory",
            "requests.ephemeral-storage",
            "requests.storage",
            "limits.cpu",
            "limits.memory",
            "limits.ephemeral-storage");

    private QuantityRules() {}

    /** Whether a name without a domain is one that everybody knows. */
    public static boolean isStandard(String name) {
        return MEASURED.contains(name)
                || COUNTED.contains(name)
                || name.startsWith(HUGE_PAGES)
                || name.startsWith("requests." + HUGE_PAGES);
    }

    public static boolean isNative(String name) {
        return !name.contains("/") || name.contains(KUBERNETES);
    }

    /** Whether the name is one of those by which vendors call their devices. */
    public static boolean isExtended(String name) {
        return !isNative(name)
                && !name.startsWith("requests.")
                && LabelNames.keyProblems("requests." + name).isEmpty();
    }

    /** Whether more of it may be allowed than there is. */
    public static boolean isShared(String name) {
        return isNative(name) && !name.startsWith(HUGE_PAGES);
    }

    /** Says whether the name is one. */
    public static boolean name(String name, String path, Problems problems) {
        List<String> wrong = LabelNames.keyProblems(name);
        wrong.forEach(words -> problems.invalid(path, name, words));
        boolean unknown = wrong.isEmpty() && !name.contains("/") && !isStandard(name);
        if (unknown) {
            problems.invalid(path, name, "must be a standard resource type or fully qualified");
        }
        return wrong.isEmpty() && !unknown;
    }

    /** The name of something that containers may request. */
    public static void containerName(String name, String path, Problems problems) {
        name(name, path, problems);
        if (!name.contains("/") && !OF_CONTAINERS.contains(name) && !name.startsWith(HUGE_PAGES)) {
            problems.invalid(path, name, "must be a standard resource for containers");
        } else if (name.contains("/") && !isNative(name) && !isExtended(name)) {
            problems.invalid(path, name, "doesn't follow extended resource name standard");
        }
    }

    /** The name of something that a quota may bound. */
    public static void quotaName(String name, String path, Problems problems) {
        name(name, path, problems);
        if (!name.contains("/") && (!isStandard(name) || name.equals("storage"))) {
            problems.invalid(path, name, "must be a standard resource for quota");
        }
    }

    /** An amount that is a quantity at all. */
    public static void amount(String resource, JsonNode value, String path, Problems problems) {
        BigDecimal amount = Quantity.parse(value).orElse(null);
        if (amount == null) {
            problems.invalid(path, value, Quantity.RULE);
            return;
        }
        if (amount.signum() < 0) {
            problems.invalid(path, value, "must be greater than or equal to 0");
        }
        boolean whole = COUNTED.contains(resource) || isExtended(resource);
        if (whole && amount.multiply(THOUSAND).remainder(THOUSAND).signum() != 0) {
            problems.invalidShown(path, GoSyntax.quantity(value), "must be an integer");
        }
    }
}
