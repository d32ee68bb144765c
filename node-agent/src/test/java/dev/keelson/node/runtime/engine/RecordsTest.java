package dev.keelson.node.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.node.runtime.ContainerStatus;
import dev.keelson.node.runtime.PodSandboxConfig;
import dev.keelson.node.runtime.PodSandboxConfig.NamespaceModes;
import dev.keelson.node.runtime.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written down about sandboxes and containers, and read again. */
class RecordsTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");

    @TempDir
    Path directory;

    @Test
    void sandboxIsReadAsItWasWritten() throws IOException {
        PodSandboxConfig config = config(NamespaceModes.PRIVATE, Map.of("net.core.somaxconn", "1024"));
        SandboxRecord record = SandboxRecord.of(config, 655360, "", "boot-1", NOW);
        Path file = directory.resolve("spec");
        Files.write(file, record.spec(config));
        assertThat(SandboxRecord.read(Spec.read(file))).isEqualTo(record);
        assertThat(Spec.read(file).entries()).contains(Map.entry("sysctl", "net.core.somaxconn=1024"));
    }

    @Test
    void onlyThePodsOwnSysctlsAreSet() {
        for (String key :
                List.of("vm.swappiness", "kernel.core_pattern", "net.../../kernel.hostname", "kernel.shmall/x")) {
            assertThatThrownBy(() -> SandboxRecord.of(config(NamespaceModes.PRIVATE, Map.of()), 0, "", "b", NOW)
                            .spec(config(NamespaceModes.PRIVATE, Map.of(key, "1"))))
                    .as(key)
                    .hasMessageContaining("does not belong to the pod's own namespaces");
        }
        NamespaceModes hostNetwork = new NamespaceModes(true, false, false, false, false);
        PodSandboxConfig config = config(hostNetwork, Map.of("net.core.somaxconn", "1"));
        assertThatThrownBy(() -> SandboxRecord.of(config, 0, "", "b", NOW).spec(config))
                .hasMessageContaining("net.core.somaxconn");
    }

    @Test
    void longHostNamesAreCutToWhatTheKernelTakes() {
        PodSandboxConfig config = new PodSandboxConfig(
                "uid", "ns", "n", "h".repeat(100), directory, NamespaceModes.PRIVATE, Map.of(), Resources.NONE);
        assertThat(SandboxRecord.of(config, 0, "", "b", NOW).hostname()).hasSize(64);
    }

    @Test
    void uidThatIsAPathIsRefused() {
        PodSandboxConfig config = new PodSandboxConfig(
                "../x", "ns", "n", "h", directory, NamespaceModes.PRIVATE, Map.of(), Resources.NONE);
        assertThatThrownBy(() -> SandboxRecord.of(config, 0, "", "b", NOW)).hasMessageContaining("pod uid");
    }

    @Test
    void statusTellsWhyAContainerEnded() throws IOException {
        assertThat(Outcome.read(directory)).isEqualTo(Outcome.CREATED);
        assertThat(exit("code=0")).extracting(ContainerStatus.Exit::reason).isEqualTo("Completed");
        assertThat(exit("code=3")).extracting(ContainerStatus.Exit::reason).isEqualTo("Error");
        assertThat(exit("code=137\nsignal=9\noom=1"))
                .extracting(ContainerStatus.Exit::reason)
                .isEqualTo("OOMKilled");
        assertThat(exit("code=128\nfailure=exec \"x\": no such file")).satisfies(exit -> {
            assertThat(exit.reason()).isEqualTo("StartError");
            assertThat(exit.message()).isEqualTo("exec \"x\": no such file");
        });
    }

    private ContainerStatus.Exit exit(String lines) throws IOException {
        Files.writeString(
                directory.resolve("status"), "state=exited\npid=7\nstarted=1\nfinished=2000000001\n" + lines + "\n");
        ContainerStatus.Exit exit = Outcome.read(directory).exit().orElseThrow();
        assertThat(exit.finishedAt()).isEqualTo(Instant.ofEpochSecond(2, 1));
        return exit;
    }

    @Test
    void lostContainerKeepsItsStartAndSaysWhy() throws IOException {
        Files.writeString(directory.resolve("status"), "state=running\npid=7\nticks=99\nstarted=5000000000\n");
        Outcome lost = Outcome.read(directory).lost(directory, "the node was restarted", NOW);
        assertThat(lost).isEqualTo(Outcome.read(directory));
        assertThat(lost.startedAt()).contains(Instant.ofEpochSecond(5));
        assertThat(lost.exit()).get().satisfies(exit -> {
            assertThat(exit.code()).isEqualTo(255);
            assertThat(exit.reason()).isEqualTo("Error");
            assertThat(exit.message()).isEqualTo("the node was restarted");
            assertThat(exit.finishedAt()).isEqualTo(NOW);
        });
    }

    @Test
    void rangesOfLivingSandboxesDoNotMeet() throws IOException {
        IdRanges ids = new IdRanges(directory.resolve("ids"));
        Path one = Files.createDirectory(directory.resolve("Aa"));
        // The same hash: both want the same range first.
        Path two = Files.createDirectory(directory.resolve("BB"));
        int first = ids.claim(one);
        assertThat(ids.claim(one)).isEqualTo(first);
        assertThat(ids.claim(two)).isNotEqualTo(first);
        assertThat(first).isBetween(524288, 1879048191).matches(start -> start % 65536 == 0);
    }

    @Test
    void claimOfASandboxThatIsGoneIsFree() throws IOException {
        IdRanges ids = new IdRanges(directory.resolve("ids"));
        Path one = Files.createDirectory(directory.resolve("Aa"));
        Path two = Files.createDirectory(directory.resolve("BB"));
        int first = ids.claim(one);
        Files.delete(one);
        assertThat(ids.claim(two)).isEqualTo(first);
        ids.release(first, one);
        assertThat(ids.claim(two)).isEqualTo(first);
        ids.release(first, two);
        assertThat(directory.resolve("ids").toFile().list()).containsExactly(".lock");
    }

    @Test
    void claimsOfASandboxThatIsBeingMadeAndOfAnAgentBeforeStand() throws IOException {
        IdRanges ids = new IdRanges(directory.resolve("ids"));
        Path unfinished = directory.resolve("Aa");
        Files.createDirectory(IdRanges.unfinished(unfinished));
        int first = ids.claim(unfinished);
        int second = ids.claim(Files.createDirectory(directory.resolve("BB")));
        assertThat(second).isNotEqualTo(first);

        Path claim = directory.resolve("ids").resolve(Integer.toString(first / 65536));
        Files.delete(claim);
        Files.writeString(claim, directory.toString());
        assertThat(ids.claim(unfinished)).isNotIn(first, second);
        Files.writeString(claim, unfinished.toString());
        assertThat(ids.claim(unfinished)).isEqualTo(first);
    }

    private PodSandboxConfig config(NamespaceModes modes, Map<String, String> sysctls) {
        return new PodSandboxConfig("uid-1", "default", "web", "web-0", directory, modes, sysctls, Resources.NONE);
    }
}
