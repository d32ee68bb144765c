package dev.keelson.node.probe;

/**
 * What the probes of one running container say together.
 *
 * @param started the startup probe has passed (a container without one counts as started by its owner)
 * @param ready the readiness probe's standing result
 */
public record ProbeVerdict(boolean started, boolean ready, boolean startupFailed, boolean livenessFailed) {
    /** No probe has spoken yet. */
    public static final ProbeVerdict UNKNOWN = new ProbeVerdict(false, false, false, false);
}
