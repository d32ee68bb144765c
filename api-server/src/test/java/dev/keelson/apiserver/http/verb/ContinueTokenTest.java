package dev.keelson.apiserver.http.verb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.apiserver.registry.ApiFailure;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ContinueTokenTest {
    @Test
    void saysWhatItWasGiven() {
        ContinueToken token = new ContinueToken(7, "shop", "web");
        assertThat(ContinueToken.parse(token.encode())).isEqualTo(token);
        assertThat(token.withoutConsistency().consistent()).isFalse();
    }

    @Test
    void whateverElseIsSentIsRefused() {
        Random random = new Random(5);
        String good = new ContinueToken(7, "shop", "web").encode();
        for (int round = 0; round < 5_000; round++) {
            byte[] bytes = Base64.getUrlDecoder().decode(good);
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            String text = round % 2 == 0
                    ? Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)
                    : new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
            try {
                ContinueToken.parse(text);
            } catch (ApiFailure refused) {
                assertThat(refused.reason().code()).isEqualTo(400);
            }
        }
    }
}
