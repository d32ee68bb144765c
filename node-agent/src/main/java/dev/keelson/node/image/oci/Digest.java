package dev.keelson.node.image.oci;

import dev.keelson.linux.Sha256;
import dev.keelson.node.image.ImageErrors;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The name of content by what it is: an algorithm and a hash in lower-case hex (OCI image spec, descriptor.md).
 *
 * @param algorithm {@code sha256} or {@code sha512}
 */
public record Digest(String algorithm, String hex) implements Comparable<Digest> {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern SHA512 = Pattern.compile("[0-9a-f]{128}");

    public Digest {
        boolean valid =
                switch (algorithm) {
                    case "sha256" -> SHA256.matcher(hex).matches();
                    case "sha512" -> SHA512.matcher(hex).matches();
                    default -> false;
                };
        if (!valid) {
            throw ImageErrors.corrupt("\"%s:%s\" is not a digest; a digest is sha256: and 64 lower-case hex digits"
                    .formatted(algorithm, hex));
        }
    }

    /** Reads {@code sha256:…}. */
    public static Digest parse(String text) {
        int colon = text.indexOf(':');
        return new Digest(text.substring(0, Math.max(colon, 0)), text.substring(colon + 1));
    }

    public static Digest sha256(byte[] content) {
        return of("sha256", smallDigest(content));
    }

    public static Digest of(String algorithm, byte[] hash) {
        return new Digest(algorithm, HexFormat.of().formatHex(hash));
    }

    /** The JDK's own, so that what only reads names and documents loads no library. */
    private static byte[] smallDigest(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every Java platform", e);
        }
    }

    public static MessageDigest newSha256() {
        return messageDigest("sha256");
    }

    /** A fresh calculator of this digest's algorithm. */
    public MessageDigest newMessageDigest() {
        return messageDigest(algorithm);
    }

    /** The chain id of the lowest layer: its diff id. Chain ids here are always SHA-256. */
    public Digest firstChain() {
        return algorithm.equals("sha256") ? this : sha256(toString().getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * The chain id of a layer on top of a chain: it names the file system that all layers up to this one make together
     * (OCI image spec, config.md, "Layer ChainID").
     */
    public Digest chain(Digest diffId) {
        return sha256((this + " " + diffId).getBytes(StandardCharsets.US_ASCII));
    }

    /** Twelve hex digits, for people. */
    public String shortForm() {
        return hex.substring(0, 12);
    }

    @Override
    public int compareTo(Digest other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return algorithm + ":" + hex;
    }

    /** @param algorithm {@code sha256} or {@code sha512} */
    public static MessageDigest messageDigest(String algorithm) {
        if (algorithm.equals("sha256")) {
            return Sha256.create();
        }
        try {
            return MessageDigest.getInstance("SHA-512");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-512 is part of every Java platform", e);
        }
    }
}
