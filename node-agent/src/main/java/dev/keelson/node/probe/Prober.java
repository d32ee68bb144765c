package dev.keelson.node.probe;

import java.time.Duration;

/** Asks a container once. Blocking, never longer than the timeout, never fails: a problem is a failed outcome. */
public interface Prober {
    ProbeOutcome check(ProbeSpec.Check check, ProbeTarget target, Duration timeout);
}
