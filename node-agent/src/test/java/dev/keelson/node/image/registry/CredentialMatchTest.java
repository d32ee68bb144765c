package dev.keelson.node.image.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.node.image.ImageReference;
import dev.keelson.node.image.RegistryAuth;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CredentialMatchTest {

    @ParameterizedTest
    @CsvSource({
        "reg.local, reg.local/web, true",
        "https://reg.local, reg.local/web, true",
        "https://reg.local/v2/, reg.local/web, true",
        "REG.local, reg.local/web, true",
        "reg.local:5000, reg.local/web, false",
        "reg.local, reg.local:5000/web, false",
        "reg.local/team, reg.local/team/web, true",
        "reg.local/team, reg.local/teams/web, false",
        "*.local, reg.local/web, true",
        "*.local, local/web, false",
        "*.local, a.reg.local/web, false",
        "r*g.local:5000, reg.local:5000/web, true",
        "evil.reg.local, reg.local/web, false",
        "reg.local.evil, reg.local/web, false",
        "https://index.docker.io/v1/, web, true",
        "docker.io, team/web, true",
        "reg.local, web, false"
    })
    void keysFitAsKubernetesDefinesThem(String key, String image, boolean fits) {
        List<RegistryAuth> credentials = List.of(new RegistryAuth(key, "u", "p"));

        assertThat(CredentialMatch.choose(ImageReference.parse(image), credentials))
                .hasSize(fits ? 1 : 0);
    }

    @Test
    void mostSpecificKeyComesFirst() {
        RegistryAuth host = new RegistryAuth("reg.local", "a", "p");
        RegistryAuth path = new RegistryAuth("reg.local/team", "b", "p");

        assertThat(CredentialMatch.choose(ImageReference.parse("reg.local/team/web"), List.of(host, path)))
                .containsExactly(path, host);
    }

    @Test
    void challengesAreRead() {
        AuthChallenge challenge = AuthChallenge.choose(List.of(
                        "Basic realm=\"x\"",
                        "Bearer realm=\"https://auth.example/token\",service=\"a, \\\"b\\\"\", scope=plain"))
                .orElseThrow();

        assertThat(challenge.scheme()).isEqualTo("bearer");
        assertThat(challenge.parameter("realm")).isEqualTo("https://auth.example/token");
        assertThat(challenge.parameter("service")).isEqualTo("a, \"b\"");
        assertThat(challenge.parameter("scope")).isEqualTo("plain");
        assertThat(AuthChallenge.choose(List.of("", "Negotiate", "=\"", "Bearer".repeat(5000))))
                .isEmpty();
    }
}
