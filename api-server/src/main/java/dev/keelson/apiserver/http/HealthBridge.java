package dev.keelson.apiserver.http;

import dev.keelson.apiserver.discovery.HealthHandler.Result;
import io.smallrye.health.SmallRyeHealth;
import io.smallrye.health.SmallRyeHealthReporter;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The health checks of the process (MicroProfile Health) as the lines of the API server's health paths. */
@Singleton
final class HealthBridge {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final SmallRyeHealthReporter reporter;

    HealthBridge(SmallRyeHealthReporter reporter) {
        this.reporter = reporter;
    }

    List<Result> liveness() {
        return results(reporter.getLivenessAsync());
    }

    /** @param bootstrapProblem what is still missing in the cluster, if anything */
    List<Result> readiness(Optional<String> bootstrapProblem) {
        List<Result> all = results(reporter.getReadinessAsync());
        all.add(new Result("poststarthook/bootstrap", bootstrapProblem));
        return all;
    }

    private static List<Result> results(Uni<SmallRyeHealth> health) {
        List<Result> found = new ArrayList<>();
        found.add(new Result("ping", Optional.empty()));
        try {
            for (JsonValue check : health.await().atMost(PATIENCE).getPayload().getJsonArray("checks")) {
                JsonObject object = check.asJsonObject();
                boolean up = object.getString("status").equals("UP");
                String name = object.getString("name").toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
                found.add(new Result(name, up ? Optional.empty() : Optional.of(why(object))));
            }
        } catch (RuntimeException e) {
            found.add(new Result("health", Optional.of("the checks did not answer: " + e)));
        }
        return found;
    }

    private static String why(JsonObject check) {
        return check.containsKey("data") ? check.get("data").toString() : "it is down";
    }
}
