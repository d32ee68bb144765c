package dev.keelson.controllers.scheduler;

import dev.keelson.controllers.objects.Pods;
import dev.keelson.controllers.objects.Times;
import dev.keelson.controllers.runtime.Controller;
import dev.keelson.controllers.runtime.ControllerContext;
import dev.keelson.controllers.runtime.Outcome;
import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.client.InformerCache;
import dev.keelson.crds.client.ObjectKey;
import dev.keelson.crds.client.ResourceHandler;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Gives every pod a node. One pod at a time, because each decision changes what is free for the next; a decision is remembered until
 * the cache shows it.
 */
public final class SchedulerController implements Controller<ObjectKey> {
    private static final Duration RETRY_UNSCHEDULABLE = Duration.ofSeconds(30);
    private static final String BY_NODE = "node";
    private static final String NAME = "default-scheduler";

    private final ControllerContext context;
    private final InformerCache<Pod> pods;
    private final InformerCache<Node> nodes;
    private final Binder binder;
    /** Pods that were bound by us and that the cache still shows without a node, by uid. Only the one worker uses it. */
    private final Map<String, Assumed> assumed = new HashMap<>();
    /** Pods that wait for a node; any change of a node or departure of a pod may help them. */
    private final Set<ObjectKey> unschedulable = new TreeSet<>();

    private record Assumed(ObjectKey key, String node) {}

    public SchedulerController(ControllerContext context) {
        this.context = context;
        this.pods = context.informers().cache(ResourceType.PODS);
        this.nodes = context.informers().cache(ResourceType.NODES);
        this.binder = (pod, node) -> context.client()
                .bind(
                        pod.getMetadata().getNamespace(),
                        pod.getMetadata().getName(),
                        pod.getMetadata().getUid(),
                        node);
        pods.addIndex(BY_NODE, pod -> Pods.node(pod).isEmpty() ? List.of() : List.of(Pods.node(pod)));
    }

    @Override
    public String name() {
        return "scheduler";
    }

    @Override
    public void watch(Consumer<ObjectKey> enqueue) {
        pods.addHandler(new ResourceHandler<>() {
            @Override
            public void onAdd(Pod pod) {
                if (waits(pod)) {
                    enqueue.accept(ObjectKey.of(pod));
                }
            }

            @Override
            public void onUpdate(Pod before, Pod after) {
                onAdd(after);
                if (Pods.ended(after) && !Pods.ended(before)) {
                    retryAll(enqueue);
                }
            }

            @Override
            public void onDelete(Pod last) {
                retryAll(enqueue);
            }
        });
        nodes.addHandler(new ResourceHandler<>() {
            @Override
            public void onAdd(Node node) {
                retryAll(enqueue);
            }

            @Override
            public void onUpdate(Node before, Node after) {
                // Heartbeats are no news; everything that a filter reads is.
                if (!NodeView.of(before, List.of()).equals(NodeView.of(after, List.of()))) {
                    retryAll(enqueue);
                }
            }
        });
    }

    private void retryAll(Consumer<ObjectKey> enqueue) {
        synchronized (unschedulable) {
            unschedulable.forEach(enqueue);
        }
    }

    private static boolean waits(Pod pod) {
        String scheduler = Objects.requireNonNullElse(pod.getSpec().getSchedulerName(), NAME);
        boolean gated = pod.getSpec().getSchedulingGates() != null
                && !pod.getSpec().getSchedulingGates().isEmpty();
        return Pods.node(pod).isEmpty() && Pods.active(pod) && scheduler.equals(NAME) && !gated;
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        forgetConfirmed();
        // Noted before looking: a node that becomes free while we look brings the key back.
        note(key, true);
        Optional<Pod> waiting = pods.get(key.namespace(), key.name())
                .filter(SchedulerController::waits)
                .filter(pod -> !assumed.containsKey(pod.getMetadata().getUid()));
        if (waiting.isEmpty()) {
            note(key, false);
            return Outcome.DONE;
        }
        return schedule(key, waiting.get());
    }

    private void note(ObjectKey key, boolean waits) {
        synchronized (unschedulable) {
            if (waits) {
                unschedulable.add(key);
            } else {
                unschedulable.remove(key);
            }
        }
    }

    private Outcome schedule(ObjectKey key, Pod pod) {
        PodRequest request = PodRequest.of(pod);
        return switch (SchedulePlanner.plan(request, observe(), Filters.DEFAULT, Scores.DEFAULT)) {
            case SchedulePlan.Bind(String node) -> {
                bind(key, pod, node);
                note(key, false);
                yield Outcome.DONE;
            }
            case SchedulePlan.Unschedulable(String message) -> {
                report(pod, message);
                yield Outcome.after(RETRY_UNSCHEDULABLE);
            }
        };
    }

    private List<NodeView> observe() {
        Map<String, List<Pod>> justAssigned = new HashMap<>();
        assumed.forEach(
                (uid, one) -> pods.get(one.key().namespace(), one.key().name()).ifPresent(pod -> justAssigned
                        .computeIfAbsent(one.node(), unused -> new ArrayList<>())
                        .add(pod)));
        return nodes.list().stream()
                .filter(node -> node.getMetadata().getDeletionTimestamp() == null)
                .map(node -> {
                    String name = node.getMetadata().getName();
                    Stream<Pod> settled = pods.byIndex(BY_NODE, name).stream().filter(pod -> !Pods.ended(pod));
                    Stream<Pod> coming = justAssigned.getOrDefault(name, List.of()).stream();
                    return NodeView.of(node, Stream.concat(settled, coming).toList());
                })
                .toList();
    }

    private void bind(ObjectKey key, Pod pod, String node) {
        try {
            binder.bind(pod, node);
        } catch (ApiException refused) {
            boolean settledByOthers =
                    refused.kind() == ApiException.Kind.CONFLICT || refused.kind() == ApiException.Kind.NOT_FOUND;
            if (settledByOthers) {
                return; // bound or deleted meanwhile; the cache will show it
            }
            throw refused;
        }
        assumed.put(pod.getMetadata().getUid(), new Assumed(key, node));
        context.events().normal(pod, "Scheduled", "Successfully assigned %s to %s".formatted(key, node));
    }

    /** What the cache shows by now, it also accounts for. */
    private void forgetConfirmed() {
        assumed.entrySet().removeIf(one -> pods.get(
                        one.getValue().key().namespace(), one.getValue().key().name())
                .filter(pod -> pod.getMetadata().getUid().equals(one.getKey()))
                .filter(pod -> Pods.node(pod).isEmpty())
                .isEmpty());
    }

    private void report(Pod pod, String message) {
        boolean known = Pods.condition(pod, "PodScheduled")
                .filter(condition -> message.equals(condition.getMessage()))
                .isPresent();
        if (known) {
            return;
        }
        context.events().warning(pod, "FailedScheduling", message);
        List<PodCondition> others = pod.getStatus() == null || pod.getStatus().getConditions() == null
                ? List.of()
                : pod.getStatus().getConditions().stream()
                        .filter(condition -> !"PodScheduled".equals(condition.getType()))
                        .toList();
        PodCondition failed = new PodConditionBuilder()
                .withType("PodScheduled")
                .withStatus("False")
                .withReason("Unschedulable")
                .withMessage(message)
                .withLastTransitionTime(Times.format(context.clock().instant()))
                .build();
        context.client()
                .updateStatus(
                        ResourceType.PODS,
                        new PodBuilder(pod)
                                .editOrNewStatus()
                                .withConditions(Stream.concat(others.stream(), Stream.of(failed))
                                        .toList())
                                .endStatus()
                                .build());
    }
}
