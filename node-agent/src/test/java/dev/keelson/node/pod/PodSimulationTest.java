package dev.keelson.node.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.node.NodeException;
import dev.keelson.node.pod.plan.CrashBackoff;
import dev.keelson.node.runtime.ContainerStatus;
import dev.keelson.node.runtime.RuntimeService;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** A pod's whole life with an agent that is killed between any two calls of the engine. */
class PodSimulationTest {

    /** Thrown in place of the process's end. */
    private static final class AgentKilled extends RuntimeException {}

    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    void aKilledAgentConvergesToTheSameStateAndRestartsNothing(@ForAll long seed) {
        Random random = new Random(seed);
        PodWorld world = new PodWorld(Pods.pod()
                .editSpec()
                .withInitContainers(Pods.sidecar("side"))
                .withContainers(Pods.hooked("app"), Pods.container("other"))
                .endSpec());
        world.engine = engine -> failing(engine, random);
        until(world, random, () -> running(world, "app", "other", "side"));
        Set<String> ids = ids(world);
        for (int i = 0; i < 5; i++) {
            disturb(world, random);
        }
        until(world, random, () -> Boolean.TRUE.equals(world.status("app").getReady()));
        assertThat(ids(world)).as("seed " + seed).isEqualTo(ids);
        assertThat(world.status("app").getRestartCount()).isZero();
        // At least once, as Kubernetes promises of hooks.
        assertThat(world.hooks)
                .as("seed " + seed)
                .isNotEmpty()
                .allMatch(world.run("app").id()::equals);

        world.delete(Duration.ofSeconds(30));
        until(
                world,
                random,
                () -> !world.inApi() && world.runtime.listPodSandboxes().isEmpty());
        assertThat(world.attached).as("seed " + seed).isEmpty();
        assertThat(world.volumes).isEmpty();
        assertThat(world.runtime.listContainers()).isEmpty();
        assertThat(world.last.orElseThrow().getContainerStatuses())
                .allMatch(status -> status.getState().getTerminated() != null);
    }

    @Property(tries = 200, shrinking = ShrinkingMode.OFF)
    void restartsAreCountedOnceHoweverOftenTheAgentIsKilled(@ForAll long seed) {
        Random random = new Random(seed);
        PodWorld world = new PodWorld(Pods.pod());
        world.engine = engine -> failing(engine, random);
        int exits = 1 + random.nextInt(4);
        for (int i = 0; i < exits; i++) {
            until(world, random, () -> running(world, "app"));
            world.runtime.exit(world.run("app").id(), 1 + i);
            world.clock.advance(CrashBackoff.LONGEST);
        }
        until(world, random, () -> running(world, "app"));
        assertThat(world.run("app").attempt()).as("seed " + seed).isEqualTo(exits);
        until(world, random, () -> world.status("app").getRestartCount() == exits);
        assertThat(world.status("app").getLastState().getTerminated().getExitCode())
                .isEqualTo(exits);
    }

    @Property(tries = 100, shrinking = ShrinkingMode.OFF)
    void aSettledPodPlansNothing(@ForAll long seed) {
        Random random = new Random(seed);
        PodWorld world = new PodWorld(Pods.pod());
        until(world, random, () -> running(world, "app"));
        world.settle();
        List<String> calls = world.runtime.calls();
        world.pass(Duration.ofSeconds(random.nextInt(10_000)));
        assertThat(world.runtime.calls()).isEqualTo(calls);
    }

    private interface Goal {
        boolean reached();
    }

    private static void until(PodWorld world, Random random, Goal goal) {
        for (int step = 0; step < 500; step++) {
            if (reached(goal)) {
                return;
            }
            disturb(world, random);
        }
        throw new AssertionError("did not converge: " + world.runtime.calls());
    }

    private static boolean reached(Goal goal) {
        try {
            return goal.reached();
        } catch (java.util.NoSuchElementException notYet) {
            return false;
        }
    }

    /** One of: a sync, a piece of background work, a moment of time, the end of the agent. */
    private static void disturb(PodWorld world, Random random) {
        try {
            switch (random.nextInt(4)) {
                case 0 -> world.killAgent();
                case 1 -> world.clock.advance(Duration.ofSeconds(random.nextInt(5)));
                default -> world.settle();
            }
        } catch (AgentKilled killed) {
            world.killAgent();
        }
    }

    private static boolean running(PodWorld world, String... containers) {
        for (String container : containers) {
            if (world.run(container).state() != ContainerStatus.State.RUNNING) {
                return false;
            }
        }
        return true;
    }

    private static Set<String> ids(PodWorld world) {
        Set<String> ids = new HashSet<>();
        world.runtime.listContainers().forEach(run -> ids.add(run.id()));
        return ids;
    }

    /** The engine, whose caller dies before or after one call in eight, and misses the answer of one in sixteen. */
    private static RuntimeService failing(RuntimeService engine, Random random) {
        return (RuntimeService) Proxy.newProxyInstance(
                RuntimeService.class.getClassLoader(),
                new Class<?>[] {RuntimeService.class},
                (_, method, arguments) -> {
                    boolean changes = !method.getName().startsWith("list")
                            && !method.getName().equals("onEvent");
                    int fate = changes ? random.nextInt(16) : 15;
                    if (fate == 0) {
                        throw new AgentKilled();
                    }
                    try {
                        Object answer = method.invoke(engine, arguments);
                        if (fate == 1) {
                            throw new AgentKilled();
                        }
                        if (fate == 2) {
                            throw new NodeException(NodeException.Kind.TRANSIENT, "Lost", "the answer was lost");
                        }
                        return answer;
                    } catch (InvocationTargetException failure) {
                        throw failure.getCause();
                    }
                });
    }
}
