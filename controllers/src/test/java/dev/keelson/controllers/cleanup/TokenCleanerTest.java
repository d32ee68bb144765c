package dev.keelson.controllers.cleanup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.controllers.TestWorld;
import dev.keelson.controllers.runtime.ControllerLoop;
import dev.keelson.crds.client.ListOptions;
import dev.keelson.crds.client.ObjectKey;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TokenCleanerTest {
    private final TestWorld world = new TestWorld();
    private final ControllerLoop<ObjectKey> loop = world.start(TokenCleaner::new);

    @Test
    void tokensGoWhenTheyEndAndNothingElseDoes() {
        Instant now = Instant.parse(
                create("bootstrap-token-forever", "").getMetadata().getCreationTimestamp());
        create("bootstrap-token-ending", now.plusSeconds(90).toString());
        create("bootstrap-token-ended", now.minusSeconds(1).toString());
        create("bootstrap-token-strange", "tomorrow");
        Secret other = token("bootstrap-token-other", now.minusSeconds(1).toString());
        other.setType("Opaque");
        world.client().create(ResourceType.SECRETS, other);

        world.settle(loop);
        assertThat(names())
                .containsExactly("bootstrap-token-ending", "bootstrap-token-forever", "bootstrap-token-other");
        world.pass(Duration.ofMinutes(3), loop);
        assertThat(names()).containsExactly("bootstrap-token-forever", "bootstrap-token-other");
    }

    private Secret create(String name, String expiration) {
        return world.client().create(ResourceType.SECRETS, token(name, expiration));
    }

    private static Secret token(String name, String expiration) {
        SecretBuilder token = new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("kube-system")
                .endMetadata()
                .withType("bootstrap.kubernetes.io/token");
        if (!expiration.isEmpty()) {
            token.addToData(
                    "expiration", Base64.getEncoder().encodeToString(expiration.getBytes(StandardCharsets.UTF_8)));
        }
        return token.build();
    }

    private List<String> names() {
        return world.client().list(ResourceType.SECRETS, "kube-system", ListOptions.ALL).items().stream()
                .map(secret -> secret.getMetadata().getName())
                .sorted()
                .toList();
    }
}
