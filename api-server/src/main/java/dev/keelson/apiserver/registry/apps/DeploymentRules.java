package dev.keelson.apiserver.registry.apps;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.CountRules;
import dev.keelson.apiserver.registry.rules.GoSyntax;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;

/** What a valid Deployment is, beside what holds for every workload. */
final class DeploymentRules {
    private DeploymentRules() {}

    static void validate(ObjectNode deployment, Problems problems) {
        WorkloadRules.validate(deployment, "deployment", problems);
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
                problems.notSupportedShown(
                        path,
                        GoSyntax.strategy(strategy, "DeploymentStrategy", "RollingUpdateDeployment"),
                        List.of("Recreate", "RollingUpdate"));
        }
    }

    private static void rollingUpdate(JsonNode rolling, String path, Problems problems) {
        JsonNode unavailable = rolling.path("maxUnavailable");
        JsonNode surge = rolling.path("maxSurge");
        CountRules.countOrPercent(unavailable, path + ".maxUnavailable", problems);
        CountRules.countOrPercent(surge, path + ".maxSurge", problems);
        if (CountRules.isZero(unavailable) && CountRules.isZero(surge)) {
            problems.invalidShown(
                    path + ".maxUnavailable", GoSyntax.intOrString(unavailable), "may not be 0 when `maxSurge` is 0");
        }
        CountRules.notAboveHundredPercent(unavailable, path + ".maxUnavailable", problems);
    }
}
