package dev.keelson.linux.net.nft;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * A chain whose name ends in a digest of its rules. A chain of that name therefore has these rules, and comparing the
 * kernel with what is wanted is comparing names. Changing a rule makes another chain; references move in the same
 * transaction.
 */
public record Chain(String name, List<Rule> rules) {
    private static final int DIGEST_BYTES = 8;

    public Chain {
        rules = List.copyOf(rules);
    }

    /** @param prefix a readable beginning of the name, letters, digits, {@code -}, {@code /} and {@code _} */
    public static Chain of(String prefix, List<Rule> rules) {
        return new Chain(prefix + "-" + digest(rules.toString()), rules);
    }

    boolean isNamedAfter(String prefix) {
        return name.equals(prefix + "-" + digest(rules.toString()));
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }
}
