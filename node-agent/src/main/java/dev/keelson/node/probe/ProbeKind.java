package dev.keelson.node.probe;

import java.util.Locale;

/** What a probe's result is for. */
public enum ProbeKind {
    STARTUP,
    LIVENESS,
    READINESS;

    /** As events name it: {@code Liveness}. */
    String title() {
        return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
    }
}
