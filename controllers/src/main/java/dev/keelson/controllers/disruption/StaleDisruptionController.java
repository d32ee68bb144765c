package dev.keelson.controllers.disruption;

import dev.keelson.controllers.objects.Pods;
import dev.keelson.controllers.objects.Times;
import dev.keelson.controllers.runtime.Controller;
import dev.keelson.controllers.runtime.ControllerContext;
import dev.keelson.controllers.runtime.Outcome;
import dev.keelson.crds.client.InformerCache;
import dev.keelson.crds.client.ObjectKey;
import dev.keelson.crds.client.ResourceHandler;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Takes back a pod's condition DisruptionTarget when nobody deleted the pod in two minutes, as Kubernetes 1.32's {@code
 * syncStalePodDisruption}. What a node says of its own eviction stays: how long that takes is the node's matter.
 */
public final class StaleDisruptionController implements Controller<ObjectKey> {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final String CONDITION = "DisruptionTarget";
    private static final String BY_NODE = "TerminationByKubelet";

    private final ControllerContext context;
    private final InformerCache<Pod> pods;

    public StaleDisruptionController(ControllerContext context) {
        this.context = context;
        this.pods = context.informers().cache(ResourceType.PODS);
    }

    @Override
    public String name() {
        return "stale-pod-disruption";
    }

    @Override
    public void watch(Consumer<ObjectKey> enqueue) {
        pods.addHandler(ResourceHandler.each(pod -> {
            if (targeted(pod).isPresent()) {
                enqueue.accept(ObjectKey.of(pod));
            }
        }));
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        return pods.get(key.namespace(), key.name())
                .flatMap(pod -> targeted(pod).map(condition -> settle(pod, condition)))
                .orElse(Outcome.DONE);
    }

    private static Optional<PodCondition> targeted(Pod pod) {
        return Pods.condition(pod, CONDITION)
                .filter(condition -> Pods.active(pod)
                        && "True".equals(condition.getStatus())
                        && !BY_NODE.equals(condition.getReason()));
    }

    private Outcome settle(Pod pod, PodCondition condition) {
        Instant now = context.clock().instant();
        Instant due = Times.parse(condition.getLastTransitionTime())
                .orElse(Instant.EPOCH)
                .plus(TIMEOUT);
        if (now.isBefore(due)) {
            return Outcome.after(Duration.between(now, due));
        }
        PodCondition taken = new PodConditionBuilder()
                .withType(CONDITION)
                .withStatus("False")
                .withLastTransitionTime(Times.format(now))
                .build();
        List<PodCondition> conditions = pod.getStatus().getConditions().stream()
                .map(one -> one == condition ? taken : one)
                .toList();
        Pod written = new PodBuilder(pod)
                .editStatus()
                .withConditions(conditions)
                .endStatus()
                .build();
        context.client().updateStatus(ResourceType.PODS, written);
        return Outcome.DONE;
    }
}
