package dev.keelson.node;

import dev.keelson.node.eviction.EvictionManager;
import dev.keelson.node.pod.PodManager;
import dev.keelson.node.pod.plan.Eviction;
import dev.keelson.node.pod.spec.DesiredPod;
import dev.keelson.node.probe.ProbeListener;
import dev.keelson.node.probe.ProbeTarget;
import dev.keelson.node.registration.NodeRegistration;
import dev.keelson.node.status.EventRecorder;
import java.util.Optional;
import java.util.function.Function;

/** Carries news between parts that are made one after the other; nothing is told before all of them are there. */
final class Wiring implements ProbeListener, EvictionManager.News {
    EventRecorder events;
    PodManager pods;
    NodeRegistration registration;
    /** Why a pod that comes to this node cannot run here now. */
    volatile Function<DesiredPod, Optional<Eviction>> refusal = _ -> Optional.empty();
    /** Removes what nobody knows; does nothing before it is known which pods there are. */
    volatile Runnable sweep = () -> {};

    void networkUp() {
        registration.ready();
        pods.wakeAll();
        // What deleted pods hold of the network shows only now.
        sweep.run();
    }

    void networkDown(String why) {
        registration.notReady(why);
    }

    @Override
    public void pressuresChanged() {
        registration.pressuresChanged();
    }

    @Override
    public void warning(String reason, String message) {
        events.node("Warning", reason, message);
    }

    void wake(String podUid) {
        pods.wake(podUid);
    }

    @Override
    public void changed(String podUid) {
        pods.wake(podUid);
    }

    @Override
    public void warned(ProbeTarget target, String message) {
        tell(target, "ProbeWarning", message);
    }

    @Override
    public void unhealthy(ProbeTarget target, String message) {
        tell(target, "Unhealthy", message);
    }

    private void tell(ProbeTarget target, String reason, String message) {
        pods.pods().stream()
                .filter(pod -> pod.uid().equals(target.podUid()))
                .findFirst()
                .ifPresent(pod -> events.warning(pod, target.container(), reason, message));
    }
}
