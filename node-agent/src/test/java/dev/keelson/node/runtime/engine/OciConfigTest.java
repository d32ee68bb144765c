package dev.keelson.node.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keelson.node.runtime.ContainerConfig;
import dev.keelson.node.runtime.Resources;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What another runtime is told of a container, as far as no kernel of the tests can show it ({@link OciRuntimeIT}). */
class OciConfigTest {
    private static final SandboxRecord SANDBOX = new SandboxRecord(
            "uid", "shop", "web", "web", 600 << 16, false, false, "/usr/sbin/runc", "boot", Instant.EPOCH);

    @Test
    void theProfileOfAppArmorIsTheRuntimesToApply() throws IOException {
        assertThat(process(Optional.of("keelson-default"))
                        .path("apparmorProfile")
                        .asText())
                .isEqualTo("keelson-default");
        assertThat(process(Optional.empty()).has("apparmorProfile")).isFalse();
    }

    private static JsonNode process(Optional<String> appArmor) throws IOException {
        ContainerConfig config = new ContainerConfig(
                "uid",
                "app",
                0,
                "image",
                "sha256:1",
                List.of(),
                List.of("/run"),
                List.of(),
                "",
                "",
                List.of(),
                List.of(),
                Path.of("/logs/0.log"),
                ContainerConfig.Stdio.NONE,
                "SIGTERM",
                new ContainerConfig.Security(
                        false,
                        true,
                        false,
                        new ContainerConfig.Seccomp.Unconfined(),
                        Optional.empty(),
                        false,
                        false,
                        appArmor),
                Resources.NONE,
                Optional.empty());
        byte[] json = new OciConfig(config, SANDBOX, "keelson/uid/app", new SeccompProfiles(Path.of("/none")))
                .bytes(Map.of());
        return new ObjectMapper().readTree(json).path("process");
    }
}
