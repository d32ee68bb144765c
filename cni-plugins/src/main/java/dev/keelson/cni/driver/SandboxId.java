package dev.keelson.cni.driver;

/** Names a sandbox for good: the uid of its pod. */
public record SandboxId(String value) implements Comparable<SandboxId> {
    private static final String ALLOWED = "[A-Za-z0-9][A-Za-z0-9._-]{0,127}";

    public SandboxId {
        if (!value.matches(ALLOWED)) {
            throw new NetworkException(
                    NetworkException.Kind.INVALID,
                    "\"%s\" cannot name a sandbox: letters, digits, '.', '_' and '-' up to 128".formatted(value));
        }
    }

    @Override
    public int compareTo(SandboxId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
