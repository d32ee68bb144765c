package dev.keelson.node.volume;

/** Why one volume cannot be set up; the caller adds which volume of which pod it is. */
final class VolumeProblem extends RuntimeException {
    private final boolean permanent;

    VolumeProblem(String message) {
        this(message, true);
    }

    /** @param permanent stays wrong until somebody changes the pod or what it names */
    VolumeProblem(String message, boolean permanent) {
        super(message);
        this.permanent = permanent;
    }

    boolean permanent() {
        return permanent;
    }
}
