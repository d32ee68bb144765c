package dev.keelson.apiserver.registry.flowcontrol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;

/** What a valid PriorityLevelConfiguration is (Kubernetes' {@code flowcontrol/validation}). */
final class PriorityLevelRules {
    private static final int MOST_QUEUES = 10_000_000;

    /** Bits of the hash that a hand of queues is dealt from. */
    private static final int HASH_BITS = 60;

    private PriorityLevelRules() {}

    static void validate(ObjectNode level, Problems problems) {
        JsonNode spec = level.path("spec");
        String type = Tree.text(spec, "type");
        if (Meta.name(level).equals("exempt") != type.equals("Exempt")) {
            problems.invalid("spec.type", type, "type must be 'Exempt' if and only if name is 'exempt'");
        }
        JsonNode limited = spec.path("limited");
        switch (type) {
            case "Exempt" -> {
                if (limited.isObject()) {
                    problems.forbidden("spec.limited", "must be nil if the type is not Limited");
                }
                shares(spec.path("exempt"), "spec.exempt", problems);
                lendable(spec.path("exempt"), "spec.exempt", problems);
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
        FirstFlows.fixed(FirstFlows.levels(), Meta.name(level)).ifPresent(fixed -> isFixed(level, fixed, problems));
    }

    private static void isFixed(ObjectNode level, ObjectNode fixed, Problems problems) {
        if (Meta.name(level).equals(FirstFlows.CATCH_ALL)) {
            FlowSchemaRules.isFixed(level, fixed, "must equal the fixed value", problems);
            return;
        }
        // How much the exempt ones lend to others is for the cluster's administrators to say.
        Tree.carry(Tree.child(fixed, "spec"), level.path("spec"), "exempt");
        FlowSchemaRules.isFixed(level, fixed, "except the 'spec.exempt' field must equal the fixed value", problems);
    }

    private static void limited(JsonNode limited, Problems problems) {
        shares(limited, "spec.limited", problems);
        response(limited.path("limitResponse"), "spec.limited.limitResponse", problems);
        lendable(limited, "spec.limited", problems);
        JsonNode borrowing = limited.path("borrowingLimitPercent");
        if (borrowing.isNumber() && borrowing.asLong() < 0) {
            problems.invalid(
                    "spec.limited.borrowingLimitPercent", borrowing, "if specified, must be a non-negative integer");
        }
    }

    private static void shares(JsonNode part, String path, Problems problems) {
        JsonNode shares = part.path("nominalConcurrencyShares");
        if (shares.isNumber() && shares.asLong() < 0) {
            problems.invalid(path + ".nominalConcurrencyShares", shares, "must be a non-negative integer");
        }
    }

    private static void lendable(JsonNode part, String path, Problems problems) {
        JsonNode percent = part.path("lendablePercent");
        if (percent.isNumber() && (percent.asLong() < 0 || percent.asLong() > 100)) {
            problems.invalid(path + ".lendablePercent", percent, "must be between 0 and 100, inclusive");
        }
    }

    private static void response(JsonNode response, String path, Problems problems) {
        JsonNode queuing = response.path("queuing");
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

    private static void queuing(JsonNode queuing, String path, Problems problems) {
        positive(queuing, path, "queueLengthLimit", problems);
        long queues = queuing.path("queues").asLong();
        if (positive(queuing, path, "queues", problems) && queues > MOST_QUEUES) {
            problems.invalid(path + ".queues", queuing.path("queues"), "must not be greater than " + MOST_QUEUES);
        }
        if (!positive(queuing, path, "handSize", problems)) {
            return;
        }
        JsonNode hand = queuing.path("handSize");
        if (hand.asLong() > queues) {
            problems.invalid(path + ".handSize", hand, "should not be greater than queues (%d)".formatted(queues));
        } else if (bits(queues, hand.asLong()) > HASH_BITS) {
            problems.invalid(
                    path + ".handSize",
                    hand,
                    "required entropy bits of deckSize %d and handSize %d should not be greater than %d"
                            .formatted(queues, hand.asLong(), HASH_BITS));
        }
    }

    private static boolean positive(JsonNode queuing, String path, String field, Problems problems) {
        boolean positive = queuing.path(field).asLong() > 0;
        if (!positive) {
            problems.invalid(path + "." + field, queuing.path(field), "must be positive");
        }
        return positive;
    }

    /** What it takes to tell all hands of this many cards apart. */
    private static int bits(long deck, long hand) {
        double bits = 0;
        for (long card = 0; card < hand && bits <= HASH_BITS; card++) {
            bits += Math.log(deck - card) / Math.log(2);
        }
        return (int) Math.ceil(bits);
    }
}
