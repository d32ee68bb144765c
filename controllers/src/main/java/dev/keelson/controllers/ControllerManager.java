package dev.keelson.controllers;

import dev.keelson.controllers.runtime.ApiEventRecorder;
import dev.keelson.controllers.runtime.ControllerContext;
import dev.keelson.controllers.runtime.ControllerLoop;
import dev.keelson.controllers.runtime.Fanout;
import dev.keelson.controllers.runtime.LeaderElector;
import dev.keelson.controllers.runtime.QueueMetrics;
import dev.keelson.controllers.runtime.SharedInformers;
import dev.keelson.crds.client.ApiClient;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Runs all controllers of the cluster while this process is the elected leader. A follower holds nothing but the election: its
 * caches are filled when it takes over.
 */
public final class ControllerManager implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ControllerManager.class.getName());
    private static final Duration SYNC_LIMIT = Duration.ofSeconds(10);
    /** Short, because right after a start the API server is about to answer and pods wait for the controllers. */
    private static final Duration FOLLOWER_LOOKS_EVERY = Duration.ofMillis(200);

    private final ApiClient client;
    private final ControllerConfig config;
    private final QueueMetrics.Provider metrics;
    private final Clock clock = Clock.systemUTC();
    private final LeaderElector elector;
    private final Thread thread;
    private volatile boolean closed;
    private volatile boolean leading;
    private Optional<Active> active = Optional.empty();

    private ControllerManager(ApiClient client, ControllerConfig config, QueueMetrics.Provider metrics) {
        this.metrics = metrics;
        this.client = client;
        this.config = config;
        this.elector = new LeaderElector(client, clock, "kube-system", "keelson-controllers", config.identity());
        this.thread = Thread.ofVirtual().name("controller-manager").unstarted(this::run);
    }

    /** Starts in the background and returns at once; the server may still be coming up. The client stays the caller's. */
    public static ControllerManager start(ApiClient client, ControllerConfig config, QueueMetrics.Provider metrics) {
        ControllerManager manager = new ControllerManager(client, config, metrics);
        manager.thread.start();
        return manager;
    }

    /** Whether this process runs the controllers now. */
    public boolean leading() {
        return leading;
    }

    private void run() {
        try {
            while (!closed) {
                follow(elector.tryAcquireOrRenew());
                Thread.sleep(leading ? LeaderElector.RENEW_EVERY : FOLLOWER_LOOKS_EVERY);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            resign();
        }
    }

    private void follow(LeaderElector.Role role) {
        switch (role) {
            case LEADER -> {
                if (active.isEmpty() && !closed) {
                    active = Optional.of(new Active());
                    leading = true;
                    LOG.log(System.Logger.Level.INFO, "leading identity=" + config.identity());
                }
            }
            case FOLLOWER -> resign();
        }
    }

    private void resign() {
        leading = false;
        active.ifPresent(Active::close);
        active = Optional.empty();
    }

    /** Stops all controllers between two requests and hands leadership over. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        elector.release();
    }

    /** What exists only while leading: nothing of an earlier term is trusted in a later one. */
    private final class Active implements AutoCloseable {
        private final SharedInformers informers = new SharedInformers(client);
        private final ApiEventRecorder events = new ApiEventRecorder(client, clock, "keelson-controllers");
        private final List<ControllerLoop<?>> loops;
        private final Thread starter;

        Active() {
            ControllerContext context = new ControllerContext(client, informers, clock, events, Fanout.PARALLEL);
            loops = Controllers.all(context, config).stream()
                    .<ControllerLoop<?>>map(controller -> new ControllerLoop<>(controller, clock, metrics))
                    .toList();
            informers.start();
            // Beside the election, which must go on renewing while the first lists take their time.
            starter = Thread.ofVirtual().name("controllers-start").start(this::startWhenSynced);
        }

        private void startWhenSynced() {
            List<String> missing = informers.awaitSync(SYNC_LIMIT);
            while (!missing.isEmpty() && !Thread.currentThread().isInterrupted()) {
                LOG.log(System.Logger.Level.WARNING, "waiting for first lists of=" + missing);
                missing = informers.awaitSync(SYNC_LIMIT);
            }
            if (missing.isEmpty()) {
                loops.forEach(ControllerLoop::start);
                informers.startOthers();
            }
        }

        @Override
        public void close() {
            starter.interrupt();
            loops.forEach(ControllerLoop::close);
            informers.close();
            events.close();
        }
    }
}
