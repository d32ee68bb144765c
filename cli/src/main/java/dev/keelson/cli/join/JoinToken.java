package dev.keelson.cli.join;

import dev.keelson.cli.CliException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * Lets servers join a cluster until it ends: {@code ID.SECRET}, like {@code kubeadm}'s tokens. The identifier, 6 letters and
 * digits, is public and says what the secret, 256 random bits, opens.
 */
record JoinToken(String id, String secret) {
    private static final String ID = "[a-z0-9]{6}";
    private static final String SECRET = "[A-Za-z0-9_-]{43}";
    private static final int SECRET_BYTES = 32;
    private static final int BASE = 36;
    /** The numbers that have six digits to this base. */
    private static final long FIRST_ID = 60_466_176;

    private static final long END_OF_IDS = FIRST_ID * BASE;

    static JoinToken parse(String text) {
        if (!text.matches(ID + "\\." + SECRET)) {
            throw new CliException(
                    "a join token is 6 letters and digits, a dot, and 43 letters, digits, '-' and '_': take it"
                            + " from ./keelson join-command on a server of the cluster");
        }
        String[] parts = text.split("\\.");
        return new JoinToken(parts[0], parts[1]);
    }

    static JoinToken fresh() {
        SecureRandom random = new SecureRandom();
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        return new JoinToken(
                Long.toString(random.nextLong(FIRST_ID, END_OF_IDS), BASE),
                Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
    }

    String text() {
        return id + "." + secret;
    }

    /** The secret itself: it is random, so no function has to make guessing slow. */
    SecretKey key() {
        return new SecretKeySpec(Base64.getUrlDecoder().decode(secret), "AES");
    }

    /** Not the secret: this may end in a log. */
    @Override
    public String toString() {
        return "JoinToken[" + id + "]";
    }
}
