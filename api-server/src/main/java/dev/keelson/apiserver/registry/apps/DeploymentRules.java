package dev.keelson.apiserver.registry.apps;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;
import java.util.regex.Pattern;

/** What a valid Deployment is, beside what holds for every workload. */
final class DeploymentRules {
    private static final Pattern PERCENT = Pattern.compile("[0-9]{1,9}%");

    private DeploymentRules() {}

    static void validate(ObjectNode deployment, Problems problems) {
        WorkloadRules.validate(deployment, problems);
        JsonNode spec = deployment.path("spec");
        strategy(spec.path("strategy"), problems);
        problems.notNegative("spec.revisionHistoryLimit", spec.path("revisionHistoryLimit"));
        JsonNode deadline = spec.path("progressDeadlineSeconds");
        problems.notNegative("spec.progressDeadlineSeconds", deadline);
        if (deadline.isNumber()
                && deadline.asLong() <= spec.path("minReadySeconds").asLong(0)) {
            problems.invalid("spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds");
        }
    }

    private static void strategy(JsonNode strategy, Problems problems) {
        String path = "spec.strategy";
        String type = Tree.text(strategy, "type");
        JsonNode rolling = strategy.path("rollingUpdate");
        switch (type) {
            case "Recreate" -> {
                if (rolling.isObject()) {
                    problems.forbidden(
                            path + ".rollingUpdate", "may not be specified when strategy `type` is 'Recreate'");
                }
            }
            case "RollingUpdate" -> rollingUpdate(rolling, path + ".rollingUpdate", problems);
            default ->
                problems.notSupported(path + ".type", strategy.path("type"), List.of("Recreate", "RollingUpdate"));
        }
    }

    private static void rollingUpdate(JsonNode rolling, String path, Problems problems) {
        JsonNode unavailable = rolling.path("maxUnavailable");
        JsonNode surge = rolling.path("maxSurge");
        countOrPercent(unavailable, path + ".maxUnavailable", problems);
        countOrPercent(surge, path + ".maxSurge", problems);
        if (isZero(unavailable) && isZero(surge)) {
            problems.invalid(path + ".maxUnavailable", unavailable, "may not be 0 when `maxSurge` is 0");
        }
        if (unavailable.isTextual()
                && PERCENT.matcher(unavailable.textValue()).matches()
                && percent(unavailable) > 100) {
            problems.invalid(path + ".maxUnavailable", unavailable, "must not be greater than 100%");
        }
    }

    private static void countOrPercent(JsonNode value, String path, Problems problems) {
        if (value.isTextual() && !PERCENT.matcher(value.textValue()).matches()) {
            problems.invalid(
                    path,
                    value,
                    "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%',"
                            + " regex used for validation is '[0-9]+%')");
        }
        problems.notNegative(path, value);
    }

    private static boolean isZero(JsonNode value) {
        return value.isNumber()
                ? value.asLong() == 0
                : value.isTextual() && value.textValue().matches("0+%");
    }

    private static long percent(JsonNode value) {
        String text = value.textValue();
        return Long.parseLong(text.substring(0, text.length() - 1));
    }
}
