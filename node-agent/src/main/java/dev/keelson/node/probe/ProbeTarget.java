package dev.keelson.node.probe;

import java.time.Instant;
import java.util.Optional;

/**
 * One run of a container and the probes it has.
 *
 * @param podIp address that probes without a host of their own connect to, from this node
 * @param before what was reported of this run before this agent started, so that a restart of the agent never makes a
 *     ready container unready
 */
public record ProbeTarget(
        String podUid,
        String containerId,
        String container,
        String podIp,
        Instant startedAt,
        Optional<ProbeSpec> startup,
        Optional<ProbeSpec> liveness,
        Optional<ProbeSpec> readiness,
        ProbeVerdict before) {

    boolean hasProbes() {
        return startup.isPresent() || liveness.isPresent() || readiness.isPresent();
    }
}
