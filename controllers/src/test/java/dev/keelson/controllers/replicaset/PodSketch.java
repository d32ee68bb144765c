package dev.keelson.controllers.replicaset;

import dev.keelson.controllers.replicaset.PodView.Owner;
import java.time.Instant;
import java.util.Optional;

/** A pod as a test describes it: running, ready and ours unless said otherwise. */
final class PodSketch {
    private final String name;
    private Owner owner = Owner.OURS;
    private boolean matches = true;
    private boolean ended;
    private boolean terminating;
    private String node;
    private String phase = "Running";
    private Optional<Instant> readySince;
    private int cost;
    private Instant created;

    PodSketch(String name, Instant time) {
        this.name = name;
        this.node = "node-of-" + name;
        this.readySince = Optional.of(time);
        this.created = time;
    }

    static PodSketch of(PodView pod) {
        PodSketch sketch = new PodSketch(pod.name(), pod.created());
        sketch.owner = pod.owner();
        sketch.matches = pod.matches();
        sketch.ended = pod.ended();
        sketch.terminating = pod.terminating();
        sketch.node = pod.node();
        sketch.phase = pod.phase();
        sketch.readySince = pod.readySince();
        sketch.cost = pod.deletionCost();
        return sketch;
    }

    PodSketch owner(Owner one) {
        owner = one;
        return this;
    }

    PodSketch unmatched() {
        matches = false;
        return this;
    }

    PodSketch ended() {
        ended = true;
        phase = "Succeeded";
        return unready();
    }

    PodSketch terminating() {
        terminating = true;
        return this;
    }

    PodSketch node(String name) {
        node = name;
        return this;
    }

    PodSketch starting(String onNode) {
        node = onNode;
        phase = "Pending";
        return unready();
    }

    PodSketch unready() {
        readySince = Optional.empty();
        return this;
    }

    PodSketch cost(int deletionCost) {
        cost = deletionCost;
        return this;
    }

    PodSketch created(Instant time) {
        created = time;
        return this;
    }

    PodView view() {
        return new PodView(
                name,
                "uid-" + name,
                owner,
                matches,
                true,
                ended,
                terminating,
                node,
                phase,
                readySince,
                cost,
                0,
                created);
    }
}
