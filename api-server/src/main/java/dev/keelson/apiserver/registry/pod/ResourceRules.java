package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Quantity;
import dev.keelson.apiserver.selector.LabelNames;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.Set;

/** What valid requests and limits are. */
final class ResourceRules {
    private static final Set<String> STANDARD = Set.of("cpu", "memory", "ephemeral-storage");
    private static final String HUGE_PAGES = "hugepages-";

    private ResourceRules() {}

    static void validate(JsonNode resources, String path, Problems problems) {
        JsonNode limits = resources.path("limits");
        JsonNode requests = resources.path("requests");
        amounts(limits, path + ".limits", problems);
        amounts(requests, path + ".requests", problems);
        requests.properties().forEach(request -> {
            Optional<BigDecimal> wanted = Quantity.parse(request.getValue());
            Optional<BigDecimal> limit = Quantity.parse(limits.path(request.getKey()));
            if (wanted.isPresent() && limit.isPresent() && wanted.get().compareTo(limit.get()) > 0) {
                problems.invalid(
                        path + ".requests",
                        request.getValue(),
                        "must be less than or equal to %s limit of %s"
                                .formatted(
                                        request.getKey(),
                                        limits.path(request.getKey()).asText()));
            }
        });
    }

    private static void amounts(JsonNode amounts, String path, Problems problems) {
        amounts.properties().forEach(entry -> {
            String field = path + "[" + entry.getKey() + "]";
            name(entry.getKey(), field, problems);
            Optional<BigDecimal> amount = Quantity.parse(entry.getValue());
            if (amount.isEmpty()) {
                problems.invalid(field, entry.getValue(), Quantity.RULE);
            } else if (amount.get().signum() < 0) {
                problems.invalid(field, entry.getValue(), "must be greater than or equal to 0");
            }
        });
    }

    private static void name(String name, String field, Problems problems) {
        Optional<String> problem = LabelNames.keyProblem(name);
        if (problem.isPresent()) {
            problems.invalid(field, name, problem.get());
        } else if (!name.contains("/") && !STANDARD.contains(name) && !name.startsWith(HUGE_PAGES)) {
            problems.invalid(field, name, "must be a standard resource for containers");
        }
    }
}
