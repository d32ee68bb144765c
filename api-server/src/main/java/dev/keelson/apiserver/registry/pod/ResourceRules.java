package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Quantity;
import dev.keelson.apiserver.registry.rules.QuantityRules;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What valid requests and limits are. */
public final class ResourceRules {
    private static final Set<String> ORDINARY = Set.of("cpu", "memory");
    private static final String HUGE_PAGES = "hugepages-";

    private ResourceRules() {}

    static void validate(JsonNode resources, String path, Problems problems) {
        JsonNode limits = resources.path("limits");
        JsonNode requests = resources.path("requests");
        amounts(limits, path + ".limits", problems);
        amounts(requests, path + ".requests", problems);
        requests.properties()
                .forEach(request ->
                        request(request.getKey(), request.getValue(), limits.path(request.getKey()), path, problems));
        boolean huge =
                Stream.of(limits, requests).anyMatch(amounts -> names(amounts, name -> name.startsWith(HUGE_PAGES)));
        boolean ordinary = Stream.of(limits, requests).anyMatch(amounts -> names(amounts, ORDINARY::contains));
        if (huge && !ordinary) {
            problems.forbidden(path, "HugePages require cpu or memory");
        }
    }

    /** What a pod takes beside its containers is judged as limits are. */
    public static void overhead(JsonNode overhead, String path, Problems problems) {
        if (overhead.isObject()) {
            validate(JsonNodeFactory.instance.objectNode().set("limits", overhead), path, problems);
        }
    }

    private static boolean names(JsonNode amounts, Predicate<String> wanted) {
        return amounts.propertyStream().map(Map.Entry::getKey).anyMatch(wanted);
    }

    private static void request(String name, JsonNode request, JsonNode limit, String path, Problems problems) {
        Optional<BigDecimal> wanted = Quantity.parse(request);
        Optional<BigDecimal> most = Quantity.parse(limit);
        boolean overcommittable = QuantityRules.isShared(name);
        if (!overcommittable && limit.isMissingNode()) {
            problems.required(path + ".limits", "Limit must be set for non overcommitable resources");
        } else if (wanted.isPresent() && most.isPresent()) {
            int compared = wanted.get().compareTo(most.get());
            if (overcommittable ? compared > 0 : compared != 0) {
                problems.invalid(
                        path + ".requests",
                        request,
                        "must be %s %s limit of %s"
                                .formatted(
                                        overcommittable ? "less than or equal to" : "equal to", name, limit.asText()));
            }
        }
    }

    private static void amounts(JsonNode amounts, String path, Problems problems) {
        amounts.properties().forEach(entry -> {
            String field = path + "[" + entry.getKey() + "]";
            QuantityRules.containerName(entry.getKey(), field, problems);
            QuantityRules.amount(entry.getKey(), entry.getValue(), field, problems);
            hugePages(entry.getKey(), entry.getValue(), field, problems);
        });
    }

    /** Pages come whole. */
    private static void hugePages(String name, JsonNode value, String field, Problems problems) {
        if (!name.startsWith(HUGE_PAGES)) {
            return;
        }
        Optional<BigDecimal> page = Quantity.parse(name.substring(HUGE_PAGES.length()));
        Optional<BigDecimal> amount = Quantity.parse(value);
        boolean whole = page.filter(size -> size.signum() > 0)
                .filter(size ->
                        amount.isPresent() && amount.get().remainder(size).signum() == 0)
                .isPresent();
        if (!whole) {
            problems.invalid(field, value, "%s is not positive integer multiple of %s".formatted(value.asText(), name));
        }
    }
}
