package dev.keelson.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Sha256Test {
    @Test
    void hashesLikeTheJdkHoweverTheInputIsCut() throws Exception {
        Random random = new Random(4);
        MessageDigest jdk = MessageDigest.getInstance("SHA-256");
        MessageDigest ours = Sha256.create();
        for (int round = 0; round < 200; round++) {
            byte[] input = new byte[random.nextInt(5000)];
            random.nextBytes(input);
            for (int at = 0; at < input.length; ) {
                int length = Math.min(input.length - at, random.nextInt(200));
                ours.update(input, at, length);
                at += length;
            }
            assertThat(ours.digest()).isEqualTo(jdk.digest(input));
        }
    }

    @Test
    void copyGoesOnByItself() throws Exception {
        MessageDigest first = Sha256.create();
        first.update("ab".getBytes());
        MessageDigest copy = (MessageDigest) first.clone();
        first.update((byte) 'c');
        copy.update((byte) 'c');
        assertThat(Arrays.equals(first.digest(), copy.digest())).isTrue();
    }
}
