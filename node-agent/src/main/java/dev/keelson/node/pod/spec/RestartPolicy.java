package dev.keelson.node.pod.spec;

/** When a container that has exited runs again; names as in {@code spec.restartPolicy}. */
public enum RestartPolicy {
    ALWAYS,
    ON_FAILURE,
    NEVER;

    public boolean restartsAfter(int exitCode) {
        return switch (this) {
            case ALWAYS -> true;
            case ON_FAILURE -> exitCode != 0;
            case NEVER -> false;
        };
    }

    static RestartPolicy parse(String value) {
        return switch (value) {
            case "OnFailure" -> ON_FAILURE;
            case "Never" -> NEVER;
            default -> ALWAYS;
        };
    }
}
