package dev.keelson.controllers.deployment;

import java.time.Instant;
import java.util.Optional;

/** A ReplicaSet as a test describes it: settled, observed and of an old template unless said otherwise. */
final class SetSketch {
    private static final Instant START = Instant.parse("2025-01-01T00:00:00Z");

    private final String name;
    private boolean current;
    private long revision;
    private boolean observed = true;
    private int spec;
    private int actual;
    private int available;
    private Optional<Integer> desired = Optional.empty();
    private Optional<Integer> max = Optional.empty();

    private SetSketch(String name, int size) {
        this.name = name;
        this.spec = size;
        this.actual = size;
        this.available = size;
    }

    static SetSketch set(String name, int size) {
        return new SetSketch(name, size);
    }

    SetSketch current() {
        current = true;
        return this;
    }

    SetSketch revision(long number) {
        revision = number;
        return this;
    }

    SetSketch unobserved() {
        observed = false;
        return this;
    }

    SetSketch actual(int pods) {
        actual = pods;
        return this;
    }

    SetSketch available(int pods) {
        available = pods;
        return this;
    }

    SetSketch scaledFor(int replicas, int total) {
        desired = Optional.of(replicas);
        max = Optional.of(total);
        return this;
    }

    ReplicaSetView view() {
        return new ReplicaSetView(
                name,
                "uid-" + name,
                current,
                false,
                START.plusSeconds(revision),
                revision,
                observed,
                spec,
                actual,
                available,
                available,
                observed ? Math.min(available, spec) : 0,
                desired,
                max);
    }
}
