package dev.keelson.cli.join;

import dev.keelson.cli.CliException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** Lets a server join a cluster: 256 random bits, which open what the cluster has published. */
record JoinToken(String text) {
    private static final int BYTES = 32;

    JoinToken {
        if (!text.matches("[A-Za-z0-9_-]{43}")) {
            throw new CliException("a join token has 43 letters, digits, '-' and '_': take it from"
                    + " ./keelson join-command on a server of the cluster");
        }
    }

    static JoinToken fresh() {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        return new JoinToken(Base64.getUrlEncoder().withoutPadding().encodeToString(random));
    }

    /** The token itself: it is random, so no function has to make guessing slow. */
    SecretKey key() {
        return new SecretKeySpec(Base64.getUrlDecoder().decode(text), "AES");
    }

    /** Not the token: this may end in a log. */
    @Override
    public String toString() {
        return "JoinToken";
    }
}
