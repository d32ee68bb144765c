package dev.keelson.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.cli.CliException;
import java.time.Duration;
import java.util.function.Consumer;

/** Waits for a Deployment's rollout, in the words of {@code kubectl rollout status}. */
public final class Rollouts {
    private Rollouts() {}

    /** How far a rollout is. */
    public record State(boolean done, boolean failed, String message) {}

    /** The state of the rollout that a Deployment shows; pure. */
    public static State state(JsonNode deployment) {
        String name = deployment.path("metadata").path("name").asText();
        JsonNode status = deployment.path("status");
        if (status.path("observedGeneration").asLong()
                < deployment.path("metadata").path("generation").asLong()) {
            return new State(false, false, "Waiting for deployment spec update to be observed...");
        }
        for (JsonNode condition : status.path("conditions")) {
            if (condition.path("type").asText().equals("Progressing")
                    && condition.path("reason").asText().equals("ProgressDeadlineExceeded")) {
                return new State(false, true, "deployment \"%s\" exceeded its progress deadline".formatted(name));
            }
        }
        int wanted = deployment.path("spec").path("replicas").asInt(1);
        int updated = status.path("updatedReplicas").asInt();
        int all = status.path("replicas").asInt();
        int available = status.path("availableReplicas").asInt();
        String waiting = "Waiting for deployment \"" + name + "\" rollout to finish: ";
        if (updated < wanted) {
            return new State(
                    false,
                    false,
                    waiting + "%d out of %d new replicas have been updated...".formatted(updated, wanted));
        }
        if (all > updated) {
            return new State(
                    false, false, waiting + "%d old replicas are pending termination...".formatted(all - updated));
        }
        if (available < updated) {
            return new State(
                    false, false, waiting + "%d of %d updated replicas are available...".formatted(available, updated));
        }
        return new State(true, false, "deployment \"%s\" successfully rolled out".formatted(name));
    }

    /** Waits until the rollout is done; fails when it has failed or the time is up. */
    public static void await(Api api, String path, Duration limit, Consumer<String> say) {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            State state = state(api.get(path));
            if (state.failed()) {
                throw new CliException(
                        state.message() + "; see ./keelson describe " + path.replaceAll(".*/", "deployment "));
            }
            say.accept(state.message());
            if (state.done()) {
                return;
            }
            if (System.nanoTime() > end) {
                throw new CliException("timed out after %d s: %s".formatted(limit.toSeconds(), state.message()));
            }
            Pause.shortly();
        }
    }
}
