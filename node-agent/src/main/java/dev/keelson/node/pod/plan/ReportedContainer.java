package dev.keelson.node.pod.plan;

import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.time.Instant;
import java.util.Optional;

/**
 * What the API server was last told of a container; used where the engine has no record any more.
 *
 * @param restartCount runs after the first
 * @param everRan some run has started
 * @param containerId without the {@code keelson://}, empty when none was reported
 * @param running the current run was reported as running, so that its postStart hook had ended
 * @param resources what the current run had been given
 * @param exitCode of the current run when it was reported as terminated
 */
public record ReportedContainer(
        int restartCount,
        boolean everRan,
        String containerId,
        boolean ready,
        boolean started,
        boolean running,
        Optional<Integer> exitCode,
        Optional<Instant> finishedAt,
        Optional<ResourceRequirements> resources) {}
