package dev.keelson.node.image.registry.hosts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.node.image.registry.hosts.Endpoint.Capability;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostsDirectoryTest {
    @TempDir
    Path root;

    private List<Endpoint> endpoints(String registry) {
        return new HostsDirectory(Optional.of(root)).endpoints(registry);
    }

    private Path write(String directory, String toml) throws IOException {
        Path host = Files.createDirectories(root.resolve(directory));
        return Files.writeString(host.resolve("hosts.toml"), toml);
    }

    @Test
    void registryThatNothingIsSaidOfIsAskedItself() {
        assertThat(endpoints("reg.local")).containsExactly(Endpoint.registry(Trust.SYSTEM));
        assertThat(new HostsDirectory(Optional.empty()).endpoints("reg.local")).hasSize(1);
    }

    @Test
    void mirrorsComeInTheirOrderAndTheRegistryLast() throws IOException {
        write("docker.io", """
                server = "https://registry-1.docker.io"
                [host."http://127.0.0.1:5000"]
                  capabilities = ["pull", "resolve"]
                [host."https://mirror.local/prefix/v2"]
                  skip_verify = true
                  override_path = true
                  [host."https://mirror.local/prefix/v2".header]
                    X-Team = ["a", "b"]
                """);

        List<Endpoint> found = endpoints("docker.io");

        assertThat(found)
                .extracting(endpoint -> endpoint.base().orElseThrow())
                .containsExactly(
                        URI.create("http://127.0.0.1:5000/v2"),
                        URI.create("https://mirror.local/prefix/v2"),
                        URI.create("https://registry-1.docker.io/v2"));
        assertThat(found.get(0).capabilities()).containsExactlyInAnyOrder(Capability.PULL, Capability.RESOLVE);
        assertThat(found.get(1).trust().anyCertificate()).isTrue();
        assertThat(found.get(1).headers()).containsEntry("X-Team", "a, b");
        assertThat(found).extracting(Endpoint::isMirror).containsExactly(true, true, false);
    }

    @Test
    void authoritiesBesideTheFileAndInItAreTrusted() throws IOException {
        Path file = write("reg.local_5000_", "ca = \"own.pem\"\n");
        Files.writeString(file.resolveSibling("own.pem"), "x");
        Files.writeString(file.resolveSibling("team.crt"), "x");

        assertThat(endpoints("reg.local:5000").getFirst().trust().authorities())
                .containsExactly(file.resolveSibling("team.crt"), file.resolveSibling("own.pem"));
    }

    @Test
    void defaultIsForRegistriesWithoutADirectory() throws IOException {
        write("_default", "[host.\"https://cache.local\"]\n");
        Files.createDirectories(root.resolve("reg.local"));

        assertThat(endpoints("other.local")).hasSize(2);
        assertThat(endpoints("reg.local")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "server = 5 | server must be a string",
                "mirror = 'x' | mirror is not understood; known are",
                "[host.'ftp://x'] | host.\"ftp://x\" is not an address such as https://mirror.local:5000",
                "[host.'https://u:p@x'] | is not an address",
                "[host.'https://x'];capabilities = ['delete'] | it takes pull, resolve and push",
                "[host.'https://x'];ca = 'none.pem' | which is not there",
                "[host.'https://x'];cert = 'x' | host.\"https://x\".cert is not understood",
                "= | it is not readable TOML"
            })
    void whatIsNotUnderstoodIsRefusedWithItsPlace(String toml, String message) throws IOException {
        Path file = write("reg.local", toml.replace(';', '\n'));

        assertThatThrownBy(() -> endpoints("reg.local")).hasMessageContainingAll(file.toString(), message);
    }
}
