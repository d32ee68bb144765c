package dev.keelson.node.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.node.Deadline;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProbeManagerTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final AtomicBoolean up = new AtomicBoolean();
    private final List<String> changed = new CopyOnWriteArrayList<>();
    private final List<String> warnings = new CopyOnWriteArrayList<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final ProbeManager manager = new ProbeManager(
            (check, target, timeout) -> {
                asked.add(((ProbeSpec.Check.Tcp) check).host());
                return new ProbeOutcome(up.get(), up.get() ? "odd" : "down");
            },
            new ProbeListener() {
                @Override
                public void changed(String podUid) {
                    changed.add(podUid);
                }

                @Override
                public void warned(ProbeTarget target, String message) {
                    warnings.add(message);
                }

                @Override
                public void unhealthy(ProbeTarget target, String message) {}
            },
            Clock.systemUTC());

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void readinessFollowsTheContainerWithoutWaitingOutAPeriod() {
        assertThat(manager.watch(target(Optional.empty(), Optional.of(probe("ready")))))
                .isTrue();
        assertThat(manager.watch(target(Optional.empty(), Optional.of(probe("ready")))))
                .isFalse();
        assertThat(manager.verdict("c").ready()).isFalse();
        up.set(true);
        Deadline.await("ready", SOON, () -> manager.verdict("c").ready());
        Deadline.await("told", SOON, () -> changed.contains("uid"));
        Deadline.await("warned", SOON, () -> warnings.contains("Readiness probe warning: odd"));
    }

    @Test
    void readinessIsSilentUntilStartupPassed() {
        manager.watch(target(Optional.of(probe("start")), Optional.of(probe("ready"))));
        Deadline.await("asked", SOON, () -> asked.size() >= 2);
        assertThat(asked).containsOnly("start");
        up.set(true);
        Deadline.await(
                "ready",
                SOON,
                () -> manager.verdict("c").started() && manager.verdict("c").ready());
    }

    @Test
    void verdictIsForgottenWithItsContainer() {
        manager.watch(target(Optional.empty(), Optional.of(probe("ready"))));
        manager.retain("uid", List.of());
        assertThat(manager.verdict("c")).isEqualTo(ProbeVerdict.UNKNOWN);
    }

    private static ProbeTarget target(Optional<ProbeSpec> startup, Optional<ProbeSpec> readiness) {
        return new ProbeTarget(
                "uid",
                "c",
                "app",
                "10.0.0.2",
                Instant.now(),
                startup,
                Optional.empty(),
                readiness,
                ProbeVerdict.UNKNOWN);
    }

    private static ProbeSpec probe(String name) {
        return new ProbeSpec(
                new ProbeSpec.Check.Tcp(name, new ProbeSpec.Port("1", java.util.OptionalInt.of(1))),
                Duration.ZERO,
                Duration.ofSeconds(60),
                Duration.ofSeconds(1),
                1,
                3,
                Optional.empty());
    }
}
