package dev.keelson.node.probe;

/** Hears what probes find. Called on a probe's thread; must not block. */
public interface ProbeListener {

    /** The verdict on a container has changed. */
    void changed(String podUid);

    /** A probe passed, and something about it is odd. */
    void warned(ProbeTarget target, String message);

    /** An outcome that counts was a failure. */
    void unhealthy(ProbeTarget target, String message);
}
