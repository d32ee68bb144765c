package dev.keelson.node.probe;

/** What one check of a container found; the message says why it failed. */
public record ProbeOutcome(boolean success, String message) {
    static ProbeOutcome passed() {
        return new ProbeOutcome(true, "");
    }

    static ProbeOutcome failed(String message) {
        return new ProbeOutcome(false, message);
    }
}
