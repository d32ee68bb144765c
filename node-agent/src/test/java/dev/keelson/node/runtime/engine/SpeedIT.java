package dev.keelson.node.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.node.runtime.ContainerConfig;
import dev.keelson.node.runtime.ContainerStatus;
import dev.keelson.node.runtime.PodSandboxConfig;
import dev.keelson.node.runtime.PodSandboxConfig.NamespaceModes;
import dev.keelson.node.runtime.Resources;
import dev.keelson.node.runtime.StreamOptions;
import dev.keelson.node.runtime.StreamSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/**
 * Guards the order of magnitude, on machines that do other things as well; the figures that are quoted come from the
 * benchmarks.
 */
class SpeedIT extends EngineTest {
    private static final System.Logger LOG = System.getLogger(SpeedIT.class.getName());
    private static final int ROUNDS = 40;
    private static final double START_LIMIT_MILLIS = 60;

    @Test
    void podIsUpInMilliseconds() throws Exception {
        List<Double> sandbox = new ArrayList<>();
        List<Double> create = new ArrayList<>();
        List<Double> start = new ArrayList<>();
        List<Double> total = new ArrayList<>();
        List<Double> exec = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            String uid = POD.substring(0, 30) + (100000 + i);
            long t0 = System.nanoTime();
            runtime.runPodSandbox(new PodSandboxConfig(
                    uid, "default", "web", "web", root.resolve("logs"), NamespaceModes.PRIVATE, Map.of(), limits()));
            long t1 = System.nanoTime();
            ContainerStatus created = runtime.createContainer(container(uid));
            long t2 = System.nanoTime();
            runtime.startContainer(created.id());
            long t3 = System.nanoTime();
            try (StreamSession session =
                    runtime.exec(created.id(), List.of("/bin/true"), new StreamOptions(false, true, true, false))) {
                session.exitCode().get();
            }
            long t4 = System.nanoTime();
            sandbox.add(millis(t0, t1));
            create.add(millis(t1, t2));
            start.add(millis(t2, t3));
            total.add(millis(t0, t3));
            exec.add(millis(t3, t4));
        }
        LOG.log(
                System.Logger.Level.INFO,
                "engine medians in ms: sandbox={0} create={1} start={2} total={3} exec={4}",
                median(sandbox),
                median(create),
                median(start),
                median(total),
                median(exec));
        assertThat(median(total)).isLessThan(START_LIMIT_MILLIS);
    }

    private ContainerConfig container(String uid) {
        ContainerConfig config = script("app", "").args("/bin/sleep", "1000").value();
        return new ContainerConfig(
                uid,
                config.name(),
                config.attempt(),
                config.image(),
                config.imageId(),
                config.layers(),
                config.args(),
                config.env(),
                config.workingDir(),
                config.user(),
                config.supplementalGroups(),
                config.mounts(),
                root.resolve("logs").resolve(uid).resolve("0.log"),
                config.stdio(),
                config.stopSignal(),
                config.security(),
                limits(),
                config.processesOf());
    }

    private static Resources limits() {
        return new Resources(
                OptionalLong.of(100), OptionalLong.of(50_000), OptionalLong.of(64 << 20), OptionalLong.of(100));
    }

    private static double millis(long from, long to) {
        return (to - from) / 1e6;
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
