package dev.keelson.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.cli.cluster.Pki.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PkiTest {
    private static final Identity NODE = Identity.client("node", "system:node:vm", "system:nodes");

    @Test
    void whatIsGoodIsKept(@TempDir Path directory) {
        Pki pki = new Pki(directory, Instant.now());

        assertThat(pki.ensure(List.of(NODE))).containsExactly(pki.certificate("ca"), pki.certificate("node"));
        assertThat(pki.ensure(List.of(NODE))).isEmpty();
    }

    @Test
    void certificatesOfAnAuthorityThatIsGoneAreMadeAgain(@TempDir Path directory) throws IOException {
        Pki pki = new Pki(directory, Instant.now());
        pki.ensure(List.of(NODE));

        Files.delete(pki.certificate("ca"));
        pki.ensure(List.of());

        assertThat(pki.ensure(List.of(NODE))).containsExactly(pki.certificate("node"));
    }

    @Test
    void certificatesAreMadeAgainBeforeTheyEnd(@TempDir Path directory) {
        new Pki(directory, Instant.now()).ensure(List.of(NODE));

        Pki later = new Pki(directory, Instant.now().plusSeconds(345 * 86_400L));

        assertThat(later.ensure(List.of(NODE))).containsExactly(later.certificate("node"));
    }
}
