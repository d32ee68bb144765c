package dev.keelson.node.image.oci;

/**
 * What an image runs on, in Go's words as OCI uses them: {@code linux}, {@code amd64}, and for ARM a variant.
 *
 * @param variant such as {@code v8}; empty when the image does not say
 */
public record Platform(String os, String architecture, String variant) {

    /** This machine's. */
    public static Platform current() {
        String architecture =
                switch (System.getProperty("os.arch")) {
                    case "aarch64" -> "arm64";
                    case "x86_64", "amd64" -> "amd64";
                    case String other -> other;
                };
        return new Platform("linux", architecture, "");
    }

    /** Whether an image for {@code other} runs here. A later x86-64 level (v2, v3) is not promised to. */
    public boolean runs(Platform other) {
        return os.equals(other.os)
                && architecture.equals(other.architecture)
                && (variant.isEmpty() || other.variant.isEmpty() || variant.equals(other.variant))
                && !(architecture.equals("amd64") && other.variant.matches("v[2-9]"));
    }

    @Override
    public String toString() {
        return os + "/" + architecture + (variant.isEmpty() ? "" : "/" + variant);
    }
}
