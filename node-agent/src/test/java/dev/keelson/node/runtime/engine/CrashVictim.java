package dev.keelson.node.runtime.engine;

import dev.keelson.node.NodeException;
import dev.keelson.node.runtime.ContainerConfig;
import dev.keelson.node.runtime.ContainerStatus;
import dev.keelson.node.runtime.PodSandboxConfig;
import dev.keelson.node.runtime.PodSandboxConfig.NamespaceModes;
import dev.keelson.node.runtime.Resources;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * An agent that somebody kills: it makes and removes pods without a pause ({@link CrashIT}), or takes one pod through its
 * whole life ({@link StepwiseCrashIT}).
 */
final class CrashVictim {
    private static final int PODS = 3;
    private final LauncherRuntime runtime;
    private final Path root;
    private final Random random;

    private CrashVictim(LauncherRuntime runtime, Path root, long seed) {
        this.runtime = runtime;
        this.root = root;
        this.random = new Random(seed);
    }

    public static void main(String[] args) {
        Path root = Path.of(args[0]);
        EngineSettings settings =
                new EngineSettings(root.resolve("run"), Path.of(args[1]), args[2], root.resolve("ids"), 10 << 20, 5);
        LauncherRuntime runtime = LauncherRuntime.open(settings, Clock.systemUTC());
        if (args[3].equals("one-life")) {
            live(runtime, root);
            runtime.close();
            return;
        }
        CrashVictim victim = new CrashVictim(runtime, root, Long.parseLong(args[3]));
        System.out.println("ready");
        while (true) {
            try {
                victim.step();
            } catch (NodeException e) {
                // Refusals are part of the play: what is asked for is random.
                System.err.println(e.getMessage());
            }
        }
    }

    private static void live(LauncherRuntime runtime, Path root) {
        runtime.runPodSandbox(sandbox(root, uid(0)), () -> expect(runtime, uid(0)));
        String id = runtime.createContainer(container(root, uid(0), 0)).id();
        runtime.startContainer(id);
        runtime.stopContainer(id, Duration.ZERO);
        runtime.removeContainer(id);
        runtime.removePodSandbox(uid(0));
    }

    private static void expect(LauncherRuntime runtime, String uid) {
        runtime.expectContainer(uid, "app", 0, Resources.NONE);
    }

    private void step() {
        String uid = uid(random.nextInt(PODS));
        switch (random.nextInt(6)) {
            case 0, 1 -> runtime.runPodSandbox(sandbox(root, uid), () -> expect(runtime, uid));
            case 2, 3 -> {
                ContainerStatus created = runtime.createContainer(container(root, uid, random.nextInt(2)));
                if (random.nextBoolean()) {
                    runtime.startContainer(created.id());
                }
            }
            case 4 ->
                runtime.listContainers().stream().findAny().ifPresent(container -> {
                    runtime.stopContainer(container.id(), Duration.ZERO);
                    runtime.removeContainer(container.id());
                });
            default -> runtime.removePodSandbox(uid);
        }
    }

    static String uid(int pod) {
        return "33333333-4444-5555-6666-00000000000" + pod;
    }

    static PodSandboxConfig sandbox(Path root, String uid) {
        return new PodSandboxConfig(
                uid, "default", "p", "p", root.resolve("logs"), NamespaceModes.PRIVATE, Map.of(), Resources.NONE);
    }

    static ContainerConfig container(Path root, String uid, int attempt) {
        return new ContainerConfig(
                uid,
                "app",
                attempt,
                "image",
                "sha256:0",
                List.of(root.resolve("layer")),
                List.of("/bin/sleep", "1000"),
                List.of(),
                "",
                "",
                List.of(),
                List.of(),
                root.resolve("logs/" + uid + "/" + attempt + ".log"),
                ContainerConfig.Stdio.NONE,
                "SIGTERM",
                ContainerConfig.Security.DEFAULT,
                Resources.NONE,
                Optional.empty());
    }
}
