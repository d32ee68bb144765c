package dev.keelson.controllers.node;

import dev.keelson.controllers.objects.Pods;
import dev.keelson.controllers.objects.Times;
import dev.keelson.controllers.runtime.Controller;
import dev.keelson.controllers.runtime.ControllerContext;
import dev.keelson.controllers.runtime.Outcome;
import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.client.DeleteOptions;
import dev.keelson.crds.client.InformerCache;
import dev.keelson.crds.client.ObjectKey;
import dev.keelson.crds.client.ResourceHandler;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.Taint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Looks after the pods of nodes in trouble: those of an unreachable node stop counting as ready, so that services send nobody
 * there, and pods that do not tolerate a NoExecute taint are deleted when their toleration is over.
 */
public final class TaintEvictionController implements Controller<ObjectKey> {
    private static final String BY_NODE = "node";

    private final ControllerContext context;
    private final InformerCache<Node> nodes;
    private final InformerCache<Pod> pods;

    public TaintEvictionController(ControllerContext context) {
        this.context = context;
        this.nodes = context.informers().cache(ResourceType.NODES);
        this.pods = context.informers().cache(ResourceType.PODS);
        pods.addIndex(BY_NODE, pod -> Pods.node(pod).isEmpty() ? List.of() : List.of(Pods.node(pod)));
    }

    @Override
    public String name() {
        return "tainteviction";
    }

    @Override
    public void watch(Consumer<ObjectKey> enqueue) {
        nodes.addHandler(new ResourceHandler<>() {
            @Override
            public void onAdd(Node node) {
                if (!noExecute(node).isEmpty()) {
                    podsOn(node).forEach(pod -> enqueue.accept(ObjectKey.of(pod)));
                }
            }

            @Override
            public void onUpdate(Node before, Node after) {
                if (!noExecute(before).equals(noExecute(after))) {
                    onAdd(after);
                }
            }
        });
        pods.addHandler(new ResourceHandler<>() {
            @Override
            public void onAdd(Pod pod) {
                boolean concerned =
                        nodeOf(pod).filter(node -> !noExecute(node).isEmpty()).isPresent();
                if (concerned) {
                    enqueue.accept(ObjectKey.of(pod));
                }
            }

            @Override
            public void onUpdate(Pod before, Pod after) {
                onAdd(after);
            }
        });
    }

    private List<Pod> podsOn(Node node) {
        return pods.byIndex(BY_NODE, node.getMetadata().getName());
    }

    private Optional<Node> nodeOf(Pod pod) {
        return Optional.of(Pods.node(pod)).filter(name -> !name.isEmpty()).flatMap(name -> nodes.get("", name));
    }

    private static List<Taint> noExecute(Node node) {
        return node.getSpec() == null || node.getSpec().getTaints() == null
                ? List.of()
                : node.getSpec().getTaints().stream()
                        .filter(taint -> "NoExecute".equals(taint.getEffect()))
                        .toList();
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        Optional<Pod> pod = pods.get(key.namespace(), key.name()).filter(Pods::active);
        Optional<Node> node = pod.flatMap(this::nodeOf);
        if (node.isEmpty()) {
            return Outcome.DONE;
        }
        List<Taint> taints = noExecute(node.get());
        if (taints.stream().anyMatch(taint -> taint.getKey().equals(NodeHealth.UNREACHABLE))) {
            markNotReady(pod.get());
        }
        return evictIfDue(pod.get(), node.get(), taints);
    }

    private Outcome evictIfDue(Pod pod, Node node, List<Taint> taints) {
        Instant now = context.clock().instant();
        var tolerations = Objects.requireNonNullElse(
                pod.getSpec().getTolerations(), List.<io.fabric8.kubernetes.api.model.Toleration>of());
        Optional<Instant> due = TaintEvictionPlanner.evictAt(tolerations, taints, now);
        if (due.isEmpty()) {
            return Outcome.DONE;
        }
        if (now.isBefore(due.get())) {
            return Outcome.after(Duration.between(now, due.get()).plusMillis(1));
        }
        context.events()
                .normal(
                        pod,
                        "TaintManagerEviction",
                        "Deleting pod: node %s has a taint it does not tolerate any longer"
                                .formatted(node.getMetadata().getName()));
        delete(pod);
        return Outcome.DONE;
    }

    private void delete(Pod pod) {
        try {
            context.client()
                    .delete(
                            ResourceType.PODS,
                            pod.getMetadata().getNamespace(),
                            pod.getMetadata().getName(),
                            DeleteOptions.BACKGROUND.withUid(pod.getMetadata().getUid()));
        } catch (ApiException refused) {
            if (refused.kind() != ApiException.Kind.NOT_FOUND && refused.kind() != ApiException.Kind.CONFLICT) {
                throw refused;
            }
        }
    }

    private void markNotReady(Pod pod) {
        if (!Pods.ready(pod)) {
            return;
        }
        List<PodCondition> conditions = new ArrayList<>();
        for (PodCondition condition : pod.getStatus().getConditions()) {
            conditions.add(
                    "Ready".equals(condition.getType())
                            ? new PodConditionBuilder(condition)
                                    .withStatus("False")
                                    .withReason("NodeNotReady")
                                    .withLastTransitionTime(
                                            Times.format(context.clock().instant()))
                                    .build()
                            : condition);
        }
        context.client()
                .updateStatus(
                        ResourceType.PODS,
                        new PodBuilder(pod)
                                .editStatus()
                                .withConditions(conditions)
                                .endStatus()
                                .build());
    }
}
