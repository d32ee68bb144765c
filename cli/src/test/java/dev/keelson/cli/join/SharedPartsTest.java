package dev.keelson.cli.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.cli.CliException;
import dev.keelson.cli.cluster.ClusterConfig;
import dev.keelson.cli.cluster.DataDir;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedPartsTest {
    private static final List<String> NAMES = List.of("ca.crt", "ca.key", "service-account.key", "service-account.pub");
    private static final ClusterConfig CONFIG = new ClusterConfig(
            "one", "n", 6443, "10.0.0.1", "10.64.0.0/16", "10.65.0.0/16", "postgresql://a:b@c/d", true);

    @TempDir
    Path directory;

    @Test
    void joiningServerGetsWhatTheFirstOneSealed() throws IOException {
        JoinToken token = JoinToken.fresh();
        byte[] sealed = founder().seal(token);
        DataDir joining = new DataDir(directory.resolve("joining"));

        SharedParts opened = SharedParts.open(sealed, JoinToken.parse(token.text()));
        opened.writeTo(joining);

        assertThat(opened.cluster()).isEqualTo("one");
        assertThat(opened.serviceCidr()).isEqualTo("10.65.0.0/16");
        for (String name : NAMES) {
            assertThat(joining.pki().resolve(name)).hasContent("content of " + name);
        }
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(joining.pki().resolve("ca.key"))))
                .isEqualTo("rw-------");
    }

    @Test
    void nothingCanBeReadWithoutTheToken() throws IOException {
        byte[] sealed = founder().seal(JoinToken.fresh());

        assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("content of");
        assertThatThrownBy(() -> SharedParts.open(sealed, JoinToken.fresh()))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("copy it again");
        assertThatThrownBy(() -> JoinToken.parse("short"))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("43");
    }

    private SharedParts founder() throws IOException {
        DataDir first = new DataDir(directory.resolve("first"));
        Files.createDirectories(first.pki());
        for (String name : NAMES) {
            Files.writeString(first.pki().resolve(name), "content of " + name);
        }
        return SharedParts.of(CONFIG, first);
    }
}
