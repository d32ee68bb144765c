package dev.keelson.apiserver.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.storage.Stored;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CachedJsonTest {

    @Test
    void numbersOfTheTreeKeepTheDigitsThatTheyWereWrittenWith() {
        byte[] json = "{\"metadata\":{\"name\":\"a\"},\"spec\":{\"ratio\":1.50,\"big\":12345678901234567890}}"
                .getBytes(StandardCharsets.UTF_8);
        CachedJson cached =
                new CachedJson(new Stored(new ObjectKey("", "things", "ns", "a"), "uid", new Revision(7), json));

        assertThat(cached.tree().path("spec")).hasToString("{\"ratio\":1.50,\"big\":12345678901234567890}");
    }
}
