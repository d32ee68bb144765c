package dev.keelson.node.eviction;

import dev.keelson.linux.FileSystemUse;
import dev.keelson.node.eviction.EvictionPlanner.History;
import dev.keelson.node.eviction.EvictionPlanner.Plan;
import dev.keelson.node.eviction.Signal.Level;
import dev.keelson.node.image.ImageService;
import dev.keelson.node.pod.PodManager;
import dev.keelson.node.pod.plan.Eviction;
import dev.keelson.node.pod.spec.DesiredPod;
import dev.keelson.node.pod.spec.Lifecycle;
import dev.keelson.node.stats.MachineUse;
import dev.keelson.node.stats.StatsCollector;
import dev.keelson.node.storage.StorageLimits;
import dev.keelson.node.storage.StorageMeter;
import java.lang.System.Logger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Ends pods that take more of the disk than they may, and, when the node runs short of something, gives up unused images and
 * then pods, one at a time. One thread of its own.
 */
public final class EvictionManager implements AutoCloseable {
    private static final Logger LOG = System.getLogger(EvictionManager.class.getName());
    /** As old as a kubelet lets the disk use of pods become. */
    private static final Duration STATISTICS = Duration.ofMinutes(1);
    /** How long the next pod is spared while the last one ends, as in the kubelet. */
    private static final Duration CLEANUP_PATIENCE = Duration.ofSeconds(30);

    private final EvictionSettings settings;
    private final NodeWatch watch;
    private final PodManager pods;
    private final StorageMeter meter;
    private final Candidates candidates;
    private final ImageService images;
    private final News news;
    private final InstantSource clock;
    private final Semaphore closing = new Semaphore(0);
    private final Thread thread;
    private History history = History.NONE;
    private Optional<Leaving> leaving = Optional.empty();
    private volatile Set<Pressure> pressures = Set.of();

    /** The pod that was ended last. */
    private record Leaving(String uid, Instant since) {}

    /** Who is told what this decides; must not block. */
    public interface News {
        /** {@link #pressures} have changed. */
        void pressuresChanged();

        /** A Warning about the node, for its Events. */
        void warning(String reason, String message);
    }

    public EvictionManager(
            EvictionSettings settings,
            NodeWatch watch,
            PodManager pods,
            StatsCollector stats,
            StorageMeter meter,
            ImageService images,
            News news,
            InstantSource clock) {
        this.settings = settings;
        this.watch = watch;
        this.pods = pods;
        this.meter = meter;
        this.candidates = new Candidates(stats, meter);
        this.images = images;
        this.news = news;
        this.clock = clock;
        this.thread = Thread.ofPlatform().name("keelson-eviction").daemon(true).unstarted(this::run);
    }

    public EvictionManager start() {
        thread.start();
        return this;
    }

    /** What the node is short of, or was until a moment ago. */
    public Set<Pressure> pressures() {
        return pressures;
    }

    /** Why a pod that comes to this node cannot run here now. */
    public Optional<Eviction> refusal(DesiredPod pod) {
        Set<Pressure> now = pressures;
        return EvictionPlanner.admits(pod, now)
                ? Optional.empty()
                : Optional.of(new Eviction(
                        "The node had condition: %s. "
                                .formatted(now.stream()
                                        .sorted()
                                        .map(Pressure::condition)
                                        .collect(Collectors.joining(", ", "[", "]"))),
                        Eviction.AT_ONCE));
    }

    private void run() {
        while (true) {
            try {
                if (closing.tryAcquire(watch.every().toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
                look();
            } catch (InterruptedException closed) {
                return;
            } catch (RuntimeException failure) {
                LOG.log(Logger.Level.WARNING, "node not looked at", failure);
            }
        }
    }

    private void look() {
        List<DesiredPod> active = pods.pods().stream()
                .filter(pod -> pod.lifecycle() instanceof Lifecycle.Wanted && !pod.finished())
                .toList();
        meter.forgetAllBut(active.stream().map(DesiredPod::uid).collect(Collectors.toSet()));
        MachineUse machine = watch.machine().get();
        active.stream()
                .filter(pod -> !Candidates.critical(pod))
                .forEach(pod -> keepToItsStorage(pod, machine.nodeFs()));
        Map<Signal, Level> levels = Signal.read(machine);
        Plan plan = EvictionPlanner.plan(settings, levels, history, clock.instant());
        history = plan.history();
        if (!plan.pressures().equals(pressures)) {
            LOG.log(Logger.Level.INFO, "pressures now={0} before={1}", plan.pressures(), pressures);
            pressures = Set.copyOf(plan.pressures());
            news.pressuresChanged();
        }
        plan.act().ifPresent(threshold -> relieve(threshold, levels.get(threshold.signal()), active));
        measure(active);
    }

    /** For whoever asks what pods take: measured beforehand, since no question may walk a tree. */
    private void measure(List<DesiredPod> active) {
        if (meter.isLookedAt()) {
            active.forEach(pod -> meter.of(pod, STATISTICS));
        }
    }

    private void keepToItsStorage(DesiredPod pod, FileSystemUse disk) {
        if (StorageLimits.limited(pod.object().getSpec(), disk)) {
            StorageLimits.exceeded(pod.object().getSpec(), meter.of(pod, watch.every()), disk)
                    .ifPresent(why -> evict(pod, why, Eviction.AT_ONCE));
        }
    }

    private void relieve(Threshold threshold, Level level, List<DesiredPod> active) {
        if (stillLeaving()) {
            return;
        }
        news.warning(
                "EvictionThresholdMet",
                "Attempting to reclaim %s".formatted(threshold.signal().resource()));
        if (threshold.signal().pressure() == Pressure.DISK && reclaimed(threshold)) {
            return;
        }
        Optional<Candidate> first =
                EvictionRanking.order(threshold.signal(), candidates.of(active, threshold.signal())).stream()
                        .findFirst();
        if (first.isEmpty()) {
            LOG.log(
                    Logger.Level.WARNING,
                    "no pod can be ended signal={0}",
                    threshold.signal().word());
            return;
        }
        DesiredPod pod = first.get().pod();
        Duration longest = settings.longestGrace();
        Duration soft = longest.compareTo(pod.grace()) < 0 ? longest : pod.grace();
        evict(pod, EvictionRanking.message(threshold, level, first.get()), threshold.hard() ? Eviction.AT_ONCE : soft);
        leaving = Optional.of(new Leaving(pod.uid(), clock.instant()));
    }

    private boolean stillLeaving() {
        return leaving.filter(pod -> candidates.running(pod.uid())
                        && pod.since().plus(CLEANUP_PATIENCE).isAfter(clock.instant()))
                .isPresent();
    }

    /** Images can be fetched again, pods' work cannot: gives up the unused ones and looks whether that is enough. */
    private boolean reclaimed(Threshold threshold) {
        long freed = images.prune(true).freedBytes();
        LOG.log(
                Logger.Level.INFO,
                "unused images removed signal={0} bytes={1}",
                threshold.signal().word(),
                freed);
        return !threshold.lasts(Signal.read(watch.machine().get()).get(threshold.signal()));
    }

    private void evict(DesiredPod pod, String why, Duration grace) {
        LOG.log(Logger.Level.WARNING, "evicted pod={0} reason=\"{1}\"", pod.key(), why);
        pods.evict(pod, new Eviction(why, grace));
    }

    @Override
    public void close() {
        closing.release();
        thread.interrupt();
    }
}
