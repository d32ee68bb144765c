package dev.keelson.node.probe;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Runs the probes of every container on this node, each on a virtual thread that sleeps between its questions. */
public final class ProbeManager implements Probes, AutoCloseable {
    private final Prober prober;
    private final ProbeListener listener;
    private final InstantSource clock;
    private final Map<String, Watched> containers = new ConcurrentHashMap<>();

    public ProbeManager(Prober prober, ProbeListener listener, InstantSource clock) {
        this.prober = prober;
        this.listener = listener;
        this.clock = clock;
    }

    /** One run of a container: the states of its probes and the threads that drive them. */
    private final class Watched {
        private final ProbeTarget target;
        private final Map<ProbeKind, ProbeState> states = new HashMap<>();
        private final Map<ProbeKind, Thread> threads = new HashMap<>();
        private boolean ended;

        Watched(ProbeTarget target) {
            this.target = target;
            Instant now = clock.instant();
            ProbeVerdict before = target.before();
            begin(ProbeKind.STARTUP, target.startup(), now, before.started());
            begin(ProbeKind.LIVENESS, target.liveness(), now, false);
            begin(ProbeKind.READINESS, target.readiness(), now, before.ready());
        }

        private void begin(ProbeKind kind, Optional<ProbeSpec> spec, Instant now, boolean before) {
            spec.ifPresent(probe -> states.put(kind, ProbeState.begin(kind, probe, target.startedAt(), now, before)));
        }

        synchronized void start() {
            if (!ended) {
                states.keySet()
                        .forEach(kind -> threads.put(
                                kind,
                                Thread.ofVirtual()
                                        .name("probe-" + kind + "-" + target.container())
                                        .start(() -> run(kind))));
            }
        }

        synchronized void end(Set<ProbeKind> kinds) {
            kinds.forEach(kind -> Optional.ofNullable(threads.remove(kind)).ifPresent(Thread::interrupt));
            ended |= kinds.contains(ProbeKind.READINESS);
        }

        synchronized ProbeVerdict verdict() {
            ProbeState startup = states.get(ProbeKind.STARTUP);
            ProbeState liveness = states.get(ProbeKind.LIVENESS);
            ProbeState readiness = states.get(ProbeKind.READINESS);
            return new ProbeVerdict(
                    startup == null || startup.result(),
                    readiness == null || readiness.result(),
                    startup != null && startup.failed(),
                    liveness != null && liveness.failed());
        }

        private synchronized ProbeState state(ProbeKind kind) {
            return states.get(kind);
        }

        private void run(ProbeKind kind) {
            try {
                if (kind != ProbeKind.STARTUP) {
                    awaitStarted(kind);
                }
                ProbeState state = state(kind);
                while (!state.decided()) {
                    Thread.sleep(java.time.Duration.between(clock.instant(), state.next()));
                    state = ask(kind, state);
                }
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        }

        /** Liveness and readiness are silent until the startup probe has passed. */
        private synchronized void awaitStarted(ProbeKind kind) throws InterruptedException {
            while (!verdict().started()) {
                wait();
            }
            ProbeState state = states.get(kind);
            if (state.next().isBefore(clock.instant())) {
                states.put(
                        kind,
                        ProbeState.begin(
                                kind,
                                state.spec(),
                                target.startedAt(),
                                clock.instant(),
                                kind == ProbeKind.READINESS && state.result()));
            }
        }

        private ProbeState ask(ProbeKind kind, ProbeState state) throws InterruptedException {
            ProbeOutcome outcome =
                    prober.check(state.spec().check(), target, state.spec().timeout());
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            Instant now = clock.instant();
            boolean counted = !now.isBefore(state.due());
            ProbeState next = state.after(outcome.success(), now);
            boolean changed;
            synchronized (this) {
                ProbeVerdict before = verdict();
                states.put(kind, next);
                changed = !before.equals(verdict());
                notifyAll();
            }
            if (!outcome.success() && counted) {
                listener.unhealthy(target, kind.title() + " probe failed: " + outcome.message());
            }
            if (outcome.warns()) {
                listener.warned(target, kind.title() + " probe warning: " + outcome.message());
            }
            if (changed) {
                listener.changed(target.podUid());
            }
            return next;
        }
    }

    @Override
    public boolean watch(ProbeTarget target) {
        if (!target.hasProbes() || containers.containsKey(target.containerId())) {
            return false;
        }
        Watched watched = new Watched(target);
        boolean fresh = containers.putIfAbsent(target.containerId(), watched) == null;
        if (fresh) {
            watched.start();
        }
        return fresh;
    }

    @Override
    public ProbeVerdict verdict(String containerId) {
        return Optional.ofNullable(containers.get(containerId))
                .map(Watched::verdict)
                .orElse(ProbeVerdict.UNKNOWN);
    }

    @Override
    public void terminating(String podUid) {
        containers.values().stream()
                .filter(watched -> watched.target.podUid().equals(podUid))
                .forEach(watched -> watched.end(Set.of(ProbeKind.STARTUP, ProbeKind.LIVENESS)));
    }

    @Override
    public void retain(String podUid, List<String> containerIds) {
        containers.values().stream()
                .filter(watched ->
                        watched.target.podUid().equals(podUid) && !containerIds.contains(watched.target.containerId()))
                .forEach(watched -> {
                    watched.end(Set.of(ProbeKind.values()));
                    containers.remove(watched.target.containerId(), watched);
                });
    }

    @Override
    public void close() {
        containers.values().forEach(watched -> watched.end(Set.of(ProbeKind.values())));
        containers.clear();
    }
}
