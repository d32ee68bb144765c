package dev.keelson.controllers.simulation;

import dev.keelson.controllers.ManualClock;
import dev.keelson.controllers.simulation.FaultyClient.Crash;
import dev.keelson.controllers.simulation.FaultyClient.Fault;
import dev.keelson.crds.client.fake.FakeApiServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;

/**
 * The control plane on one thread: a seeded scheduler decides at every step whether an event arrives, a controller works, a
 * pod's life goes on, a connection breaks, or the process dies. The invariants are checked after every single write.
 */
final class Simulation {
    private final Random random;
    private final ManualClock clock = new ManualClock();
    private final FakeApiServer server = new FakeApiServer(clock);
    private final Cluster cluster = new Cluster(server);
    private final SimKubelet kubelet = new SimKubelet(server.client(), clock);
    private final Path rootCa;
    private final double faultRate;
    private Runnable invariants = () -> {};
    private long checkedAt = -1;
    private Instant heartbeat = Instant.EPOCH;
    private boolean calm;
    private int crashes;
    private ControlPlane plane;

    Simulation(long seed, double faultRate, Path rootCa) {
        this.random = new Random(seed);
        this.faultRate = faultRate;
        this.rootCa = rootCa;
        this.plane = newPlane();
    }

    Cluster cluster() {
        return cluster;
    }

    int crashes() {
        return crashes;
    }

    /** What must hold of the objects after every write from now on; it throws when it does not. */
    void require(Runnable invariant) {
        invariants = invariant;
        checkedAt = -1;
    }

    /** Most steps write nothing: what has been checked then holds still. */
    private void check() {
        if (server.revision() != checkedAt) {
            invariants.run();
            checkedAt = server.revision();
        }
    }

    private ControlPlane newPlane() {
        return new ControlPlane(server, new FaultyClient(server.client(), this::nextFault, this::check), clock, rootCa);
    }

    private Fault nextFault() {
        if (calm || random.nextDouble() >= faultRate) {
            return Fault.NONE;
        }
        Fault[] faults = Fault.values();
        return faults[1 + random.nextInt(faults.length - 1)];
    }

    /** Runs so many random steps. */
    void run(int steps) {
        for (int i = 0; i < steps; i++) {
            try {
                step();
            } catch (Crash crash) {
                crashes++;
                plane = newPlane();
            }
            check();
        }
    }

    private void step() {
        int choice = random.nextInt(100);
        if (choice < 45) {
            plane.deliverOne(random);
        } else if (choice < 80) {
            plane.reconcileOne(random);
        } else if (choice < 94) {
            kubelet.step(random);
        } else if (choice < 96) {
            plane.disconnectOne(random);
        } else if (choice < 97 && random.nextInt(10) == 0) {
            server.compact();
            server.dropWatches();
        } else {
            pass(Duration.ofMillis(random.nextInt(2000)));
        }
    }

    /** No more faults: runs until nothing moves any more, at most for the given time. */
    void settle(Duration limit) {
        calm = true;
        Instant end = clock.instant().plus(limit);
        while (clock.instant().isBefore(end)) {
            boolean moved = plane.drain();
            moved |= kubelet.step(random);
            check();
            if (!moved) {
                Instant next = plane.nextDue().orElse(end);
                pass(max(Duration.between(clock.instant(), next), Duration.ofMillis(1)));
            }
        }
        calm = false;
    }

    private void pass(Duration time) {
        clock.advance(time);
        if (Duration.between(heartbeat, clock.instant()).compareTo(Duration.ofSeconds(5)) > 0) {
            heartbeat = clock.instant();
            kubelet.heartbeat();
        }
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
