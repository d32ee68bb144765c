package dev.keelson.controllers.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Laws of the whole control plane under delay, loss, reordering between types, and crashes between any two writes. */
final class RollingUpdateSimulationTest {
    private static final int STEPS = 1500;

    @TempDir
    private Path directory;

    private Path rootCa;

    @BeforeEach
    void writeRootCa() throws IOException {
        rootCa = Files.writeString(directory.resolve("ca.crt"), "test");
    }

    /** Override with {@code -Dsimulation.seed=N} to repeat one, or {@code -Dsimulation.runs=N} to search for more. */
    static LongStream seeds() {
        Long fixed = Long.getLong("simulation.seed");
        return fixed != null ? LongStream.of(fixed) : LongStream.range(0, Integer.getInteger("simulation.runs", 20));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void rollingUpdateKeepsItsBounds(long seed) {
        int replicas = 1 + (int) (seed % 4);
        int surge = (int) (seed / 4 % 3);
        int unavailable = surge == 0 ? 1 : (int) (seed / 12 % 2);
        Simulation simulation = new Simulation(seed, 0.03, rootCa);
        Cluster cluster = simulation.cluster();
        cluster.create(replicas, "" + surge, "" + unavailable, 0);
        simulation.settle(Duration.ofMinutes(2));
        assertThat(cluster.readyPods()).as("start, seed %d", seed).isEqualTo(replicas);

        simulation.require(() -> {
            assertThat(cluster.activePods().size()).as("pods, seed %d", seed).isLessThanOrEqualTo(replicas + surge);
            assertThat(cluster.readyPods())
                    .as("available pods, seed %d", seed)
                    .isGreaterThanOrEqualTo(replicas - unavailable);
            cluster.replicaSets().forEach(set -> assertThat(cluster.podsOf(set).size())
                    .as("pods of %s, seed %d", set.getMetadata().getName(), seed)
                    .isLessThanOrEqualTo(replicas));
        });
        cluster.setImage("web:2");
        simulation.run(STEPS);
        cluster.setImage("web:3");
        simulation.run(STEPS / 2);
        cluster.setImage("web:1");
        simulation.run(STEPS);
        simulation.settle(Duration.ofMinutes(10));

        assertThat(cluster.activePods())
                .as("end, seed %d%n%s", seed, cluster.describe())
                .hasSize(replicas)
                .allSatisfy(pod -> assertThat(
                                pod.getSpec().getContainers().getFirst().getImage())
                        .isEqualTo("web:1"));
        assertThat(cluster.readyEndpoints()).as("endpoints, seed %d", seed).hasSize(replicas);
        assertThat(cluster.deployment().getStatus().getConditions())
                .as("conditions, seed %d%n%s", seed, cluster.describe())
                .filteredOn(condition -> condition.getType().equals("Progressing"))
                .extracting(DeploymentCondition::getReason)
                .containsExactly("NewReplicaSetAvailable");
        assertThat(cluster.deployment().getStatus().getObservedGeneration())
                .isEqualTo(cluster.deployment().getMetadata().getGeneration());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void failingVersionNeverTakesTheOldOneDown(long seed) {
        int replicas = 1 + (int) (seed % 4);
        Simulation simulation = new Simulation(seed, 0.03, rootCa);
        Cluster cluster = simulation.cluster();
        cluster.create(replicas, "1", "0", 0);
        simulation.settle(Duration.ofMinutes(2));

        simulation.require(() -> assertThat(cluster.readyPods())
                .as("available pods, seed %d", seed)
                .isGreaterThanOrEqualTo(replicas));
        cluster.setImage("web:broken");
        simulation.run(STEPS);
        simulation.settle(Duration.ofMinutes(20));

        assertThat(cluster.deployment().getStatus().getConditions())
                .as("conditions, seed %d%n%s", seed, cluster.describe())
                .filteredOn(condition -> condition.getType().equals("Progressing"))
                .extracting(DeploymentCondition::getReason)
                .containsExactly("ProgressDeadlineExceeded");

        cluster.setImage("web:1");
        simulation.settle(Duration.ofMinutes(10));
        assertThat(cluster.activePods())
                .as("after undo, seed %d%n%s", seed, cluster.describe())
                .hasSize(replicas);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void sizesChangedInTheMiddleAreReached(long seed) {
        Simulation simulation = new Simulation(seed, 0.05, rootCa);
        Cluster cluster = simulation.cluster();
        cluster.create(3, "25%", "25%", 2);
        simulation.run(STEPS / 2);
        cluster.setImage("web:2");
        simulation.run(STEPS / 4);
        cluster.scale(7);
        simulation.run(STEPS / 4);
        cluster.scale(2);
        simulation.run(STEPS / 4);
        cluster.setImage("web:3");
        simulation.run(STEPS / 4);
        simulation.settle(Duration.ofMinutes(10));

        assertThat(cluster.activePods())
                .as("end, seed %d%n%s", seed, cluster.describe())
                .hasSize(2)
                .allSatisfy(pod -> assertThat(
                                pod.getSpec().getContainers().getFirst().getImage())
                        .isEqualTo("web:3"));
        assertThat(cluster.pods()).as("leftovers, seed %d", seed).hasSize(2);
    }
}
