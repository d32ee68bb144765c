package dev.keelson.apiserver.registry.flowcontrol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;

/** What a valid PriorityLevelConfiguration is (Kubernetes' {@code flowcontrol/validation}). */
final class PriorityLevelRules {
    private static final int MOST_QUEUES = 10_000_000;

    private PriorityLevelRules() {}

    static void validate(ObjectNode level, Problems problems) {
        JsonNode spec = level.path("spec");
        JsonNode limited = spec.path("limited");
        switch (Tree.text(spec, "type")) {
            case "Exempt" -> {
                if (limited.isObject()) {
                    problems.forbidden("spec.limited", "must be nil if the type is not Limited");
                }
            }
            case "Limited" -> {
                if (spec.path("exempt").isObject()) {
                    problems.forbidden("spec.exempt", "must be nil if the type is Limited");
                }
                if (limited.isObject()) {
                    limited(limited, problems);
                } else {
                    problems.required("spec.limited", "must not be empty when type is Limited");
                }
            }
            default -> problems.notSupported("spec.type", spec.path("type"), List.of("Exempt", "Limited"));
        }
    }

    private static void limited(JsonNode limited, Problems problems) {
        String path = "spec.limited";
        problems.notNegative(path + ".nominalConcurrencyShares", limited.path("nominalConcurrencyShares"));
        percent(limited.path("lendablePercent"), path + ".lendablePercent", problems);
        problems.notNegative(path + ".borrowingLimitPercent", limited.path("borrowingLimitPercent"));
        JsonNode response = limited.path("limitResponse");
        JsonNode queuing = response.path("queuing");
        path += ".limitResponse";
        switch (Tree.text(response, "type")) {
            case "Reject" -> {
                if (queuing.isObject()) {
                    problems.forbidden(path + ".queuing", "must be nil if limited.limitResponse.type is not Limited");
                }
            }
            case "Queue" -> {
                if (queuing.isObject()) {
                    queuing(queuing, path + ".queuing", problems);
                } else {
                    problems.required(path + ".queuing", "must not be empty if limited.limitResponse.type is Limited");
                }
            }
            default -> problems.notSupported(path + ".type", response.path("type"), List.of("Queue", "Reject"));
        }
    }

    private static void percent(JsonNode value, String path, Problems problems) {
        if (value.isNumber() && (value.asLong() < 0 || value.asLong() > 100)) {
            problems.invalid(path, value, "must be between 0 and 100, inclusive");
        }
    }

    private static void queuing(JsonNode queuing, String path, Problems problems) {
        problems.positive(path + ".queueLengthLimit", queuing.path("queueLengthLimit"));
        problems.positive(path + ".queues", queuing.path("queues"));
        problems.positive(path + ".handSize", queuing.path("handSize"));
        if (queuing.path("queues").asLong() > MOST_QUEUES) {
            problems.invalid(path + ".queues", queuing.path("queues"), "must not be greater than " + MOST_QUEUES);
        }
        if (queuing.path("handSize").asLong() > queuing.path("queues").asLong()) {
            problems.invalid(
                    path + ".handSize",
                    queuing.path("handSize"),
                    "should not be greater than queues (%d)"
                            .formatted(queuing.path("queues").asLong()));
        }
    }
}
