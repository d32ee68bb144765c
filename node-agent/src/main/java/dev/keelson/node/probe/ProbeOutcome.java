package dev.keelson.node.probe;

/** What one check of a container found; the message says why it failed, or what is odd although it passed. */
public record ProbeOutcome(boolean success, String message) {
    static ProbeOutcome passed() {
        return new ProbeOutcome(true, "");
    }

    static ProbeOutcome passed(String warning) {
        return new ProbeOutcome(true, warning);
    }

    boolean warns() {
        return success && !message.isEmpty();
    }

    static ProbeOutcome failed(String message) {
        return new ProbeOutcome(false, message);
    }
}
