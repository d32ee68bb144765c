package dev.keelson.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.node.eviction.EvictionSettings;
import dev.keelson.node.eviction.Signal;
import dev.keelson.node.eviction.Threshold;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubeletFileTest {
    @TempDir
    Path directory;

    private NodeSettings read(String text) throws IOException {
        return KubeletFile.read(Files.writeString(directory.resolve("kubelet.yaml"), text));
    }

    @Test
    void settingsAreReadUnderKubernetesNames() throws IOException {
        NodeSettings node = read("""
                apiVersion: kubelet.config.k8s.io/v1beta1
                kind: KubeletConfiguration
                evictionHard: {memory.available: 200Mi, nodefs.available: "5%"}
                evictionSoft: {memory.available: 300Mi}
                evictionSoftGracePeriod: {memory.available: 1m30s}
                evictionPressureTransitionPeriod: 30s
                evictionMaxPodGracePeriod: 60
                evictionMinimumReclaim: {nodefs.available: 1Gi}
                allowedUnsafeSysctls: [kernel.msgmax, "net.core.*"]
                """);
        EvictionSettings settings = node.eviction();
        assertThat(settings.thresholds())
                .containsExactly(
                        new Threshold(Signal.MEMORY, "200Mi", Duration.ZERO),
                        new Threshold(Signal.NODEFS, "5%", Duration.ZERO, "1Gi"),
                        new Threshold(Signal.MEMORY, "300Mi", Duration.ofSeconds(90)));
        assertThat(settings.transition()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.longestGrace()).isEqualTo(Duration.ofMinutes(1));
        assertThat(node.unsafeSysctls().patterns()).containsExactly("kernel.msgmax", "net.core.*");
        assertThat(KubeletFile.read(directory.resolve("none"))).isEqualTo(NodeSettings.DEFAULT);
    }

    @Test
    void everyMistakeIsNamed() {
        assertThatThrownBy(() -> read("""
                evictionHrad: {}
                evictionHard: {memory.free: 1Mi, memory.available: lots}
                evictionSoft: {pid.available: 10%}
                evictionPressureTransitionPeriod: soon
                evictionMinimumReclaim: {disk: 1Gi}
                allowedUnsafeSysctls: [vm.swappiness]
                """))
                .isInstanceOf(NodeException.class)
                .hasMessageContaining("unknown key evictionHrad; there are allowedUnsafeSysctls, apiVersion")
                .hasMessageContaining("unknown eviction signal \"memory.free\"; there are memory.available, ")
                .hasMessageContaining("\"lots\" is no eviction threshold")
                .hasMessageContaining("evictionSoft.pid.available needs a evictionSoftGracePeriod.pid.available")
                .hasMessageContaining("evictionMinimumReclaim: unknown eviction signal \"disk\"")
                .hasMessageContaining("allowedUnsafeSysctls: \"vm.swappiness\" would reach beyond the pod")
                .hasMessageContaining("\"soon\" is no duration");
    }
}
