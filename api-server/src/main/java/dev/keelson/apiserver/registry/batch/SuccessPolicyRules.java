package dev.keelson.apiserver.registry.batch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;

/** What a valid {@code successPolicy} of a Job is (batch/validation's {@code validateSuccessPolicy}). */
final class SuccessPolicyRules {
    private static final int MOST_RULES = 20;
    private static final String INDEXES = "[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*";
    private static final int LONGEST_INDEXES = 64 * 1024;

    private SuccessPolicyRules() {}

    /** @param path of the job's spec */
    static void validate(JsonNode spec, String path, Problems problems) {
        JsonNode policy = spec.path("successPolicy");
        if (!policy.isObject()) {
            return;
        }
        if (!Tree.text(spec, "completionMode").equals("Indexed")) {
            problems.invalid(path + ".successPolicy", policy, "requires indexed completion mode");
            return;
        }
        String at = path + ".successPolicy.rules";
        JsonNode rules = policy.path("rules");
        if (rules.isEmpty()) {
            problems.required(at, "at least one rules must be specified when the successPolicy is specified");
        } else if (rules.size() > MOST_RULES) {
            problems.tooMany(at, rules.size(), MOST_RULES);
        }
        long completions = spec.path("completions").asLong(0);
        Tree.items(rules, at).forEach(item -> rule(item, completions, problems));
    }

    private static void rule(Tree.Item item, long completions, Problems problems) {
        JsonNode count = item.value().path("succeededCount");
        JsonNode indexes = item.value().path("succeededIndexes");
        if (!Tree.has(count) && !Tree.has(indexes)) {
            problems.required(item.path(), "at least one of succeededCount or succeededIndexes must be specified");
        }
        problems.notNegative(item.path() + ".succeededCount", count);
        if (count.asLong(0) > completions) {
            problems.invalid(
                    item.path() + ".succeededCount",
                    count,
                    "must be less than or equal to %d (the number of specified completions)".formatted(completions));
        }
        String text = indexes.asText("");
        if (text.length() > LONGEST_INDEXES) {
            problems.tooLong(item.path() + ".succeededIndexes", LONGEST_INDEXES);
        } else if (!text.isEmpty() && !text.matches(INDEXES)) {
            problems.invalid(
                    item.path() + ".succeededIndexes",
                    indexes,
                    "error parsing succeededIndexes: cannot convert string to integer for index: \"" + text + "\"");
        }
    }
}
