package dev.keelson.node.status;

import dev.keelson.crds.client.ApiClient;
import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.client.DeleteOptions;
import dev.keelson.crds.client.PatchType;
import dev.keelson.crds.model.ResourceType;
import dev.keelson.node.NodeException;
import dev.keelson.node.pod.PodReporter;
import dev.keelson.node.pod.plan.PodObserved;
import dev.keelson.node.pod.spec.DesiredPod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Writes pod statuses off the critical path: per pod in order, the newest only, repeated until the API server has it.
 */
public final class StatusWriter implements PodReporter {
    private static final Logger LOG = System.getLogger(StatusWriter.class.getName());
    private static final Duration FIRST_RETRY = Duration.ofMillis(100);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(10);

    private final ApiClient api;
    private final PodStatusPlanner planner;
    private final Executor background;
    private final Function<DesiredPod, Optional<String>> apiUid;
    private final Map<String, Slot> slots = new ConcurrentHashMap<>();

    /** @param apiUid the uid by which the API server knows a pod; empty while it does not */
    public StatusWriter(
            ApiClient api,
            PodStatusPlanner planner,
            Executor background,
            Function<DesiredPod, Optional<String>> apiUid) {
        this.api = api;
        this.planner = planner;
        this.background = background;
        this.apiUid = apiUid;
    }

    /** What is known of one pod's status: what the API server has, and what it should have. */
    private static final class Slot {
        private final DesiredPod pod;
        private PodStatus written;
        private PodStatus wanted;
        private boolean writing;
        private boolean closed;

        Slot(DesiredPod pod, PodStatus written) {
            this.pod = pod;
            this.written = written;
            this.wanted = written;
        }
    }

    @Override
    public void report(DesiredPod pod, PodObserved seen, Instant now) {
        Slot slot = slot(pod);
        synchronized (slot) {
            slot.wanted = planner.status(pod, seen, slot.wanted, now);
            if (slot.writing || slot.closed || slot.wanted.equals(slot.written)) {
                return;
            }
            slot.writing = true;
        }
        background.execute(() -> drain(slot));
    }

    private Slot slot(DesiredPod pod) {
        PodStatus held = Optional.ofNullable(pod.object().getStatus()).orElseGet(PodStatus::new);
        return slots.computeIfAbsent(pod.uid(), _ -> new Slot(pod, held));
    }

    private void drain(Slot slot) {
        Duration pause = FIRST_RETRY;
        while (true) {
            PodStatus before;
            PodStatus next;
            synchronized (slot) {
                if (slot.closed || slot.wanted.equals(slot.written)) {
                    slot.writing = false;
                    slot.notifyAll();
                    return;
                }
                before = slot.written;
                next = slot.wanted;
            }
            try {
                write(slot.pod, before, next);
                pause = FIRST_RETRY;
                settle(slot, next);
            } catch (ApiException refused) {
                if (!worthRetrying(slot.pod, refused)) {
                    LOG.log(
                            Level.WARNING,
                            "status refused pod={0} kind={1} message=\"{2}\"",
                            slot.pod.key(),
                            refused.kind(),
                            refused.getMessage());
                    settle(slot, next);
                } else {
                    pause = waitBefore(slot, pause);
                }
            }
        }
    }

    private static void settle(Slot slot, PodStatus written) {
        synchronized (slot) {
            slot.written = written;
        }
    }

    private static Duration waitBefore(Slot slot, Duration pause) {
        synchronized (slot) {
            try {
                slot.wait(pause.toMillis());
            } catch (InterruptedException interrupted) {
                slot.closed = true;
            }
        }
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : doubled;
    }

    private void write(DesiredPod pod, PodStatus before, PodStatus next) {
        apiUid.apply(pod)
                .map(uid -> StatusPatch.of(uid, before, next))
                .ifPresent(patch -> api.patch(
                        ResourceType.PODS, pod.namespace(), pod.name(), "status", PatchType.STRATEGIC_MERGE, patch));
    }

    private boolean worthRetrying(DesiredPod pod, ApiException refused) {
        return switch (refused.kind()) {
            case TRANSIENT, INTERNAL, EXPIRED -> true;
            // Another writer was quicker, or another pod has the name by now: then there is nobody to tell.
            case CONFLICT -> isStillThere(pod);
            case NOT_FOUND, ALREADY_EXISTS, INVALID, FORBIDDEN -> false;
        };
    }

    private boolean isStillThere(DesiredPod pod) {
        try {
            return api.get(ResourceType.PODS, pod.namespace(), pod.name())
                    .getMetadata()
                    .getUid()
                    .equals(apiUid.apply(pod).orElse(""));
        } catch (ApiException refused) {
            return refused.kind() != ApiException.Kind.NOT_FOUND;
        }
    }

    @Override
    public void finish(DesiredPod pod, PodObserved seen, Instant now) {
        Slot slot = slot(pod);
        try {
            writeLast(pod, seen, slot, now);
            DeleteOptions now0 = DeleteOptions.BACKGROUND.withUid(pod.uid()).withGracePeriod(Duration.ZERO);
            api.delete(ResourceType.PODS, pod.namespace(), pod.name(), now0);
        } catch (ApiException refused) {
            switch (refused.kind()) {
                case NOT_FOUND -> LOG.log(Level.DEBUG, "pod already gone pod={0}", pod.key());
                case CONFLICT, ALREADY_EXISTS, INVALID, FORBIDDEN, EXPIRED, TRANSIENT, INTERNAL ->
                    failUnlessGone(pod, refused);
            }
        }
    }

    private void failUnlessGone(DesiredPod pod, ApiException refused) {
        if (refused.kind() != ApiException.Kind.CONFLICT || isStillThere(pod)) {
            throw new NodeException(NodeException.Kind.TRANSIENT, "FailedDelete", refused.getMessage(), refused);
        }
    }

    private void writeLast(DesiredPod pod, PodObserved seen, Slot slot, Instant now) {
        synchronized (slot) {
            // Whatever is being written goes first; what was not begun is overtaken by the final status.
            slot.closed = true;
            slot.notifyAll();
            while (slot.writing) {
                try {
                    slot.wait();
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    throw new NodeException(NodeException.Kind.TRANSIENT, "FailedDelete", "the agent is stopping");
                }
            }
            PodStatus last = planner.status(pod, seen, slot.wanted, now);
            if (!last.equals(slot.written)) {
                write(pod, slot.written, last);
                slot.written = last;
                slot.wanted = last;
            }
        }
    }

    /** The status that was computed last, which may be newer than what the API server holds. */
    public Optional<PodStatus> latest(String podUid) {
        return Optional.ofNullable(slots.get(podUid)).map(slot -> {
            synchronized (slot) {
                return slot.wanted;
            }
        });
    }

    @Override
    public void forget(String podUid) {
        slots.remove(podUid);
    }
}
