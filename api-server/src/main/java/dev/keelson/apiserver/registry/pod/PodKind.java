package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceDefinition.Subresource;
import dev.keelson.apiserver.registry.rules.KindRules;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.registry.warnings.PodWarnings;
import java.util.List;
import java.util.Set;

/** The declaration of pods. */
public final class PodKind {
    private PodKind() {}

    public static ResourceDefinition definition() {
        return new ResourceDefinition(
                "",
                "v1",
                "Pod",
                "pods",
                "pod",
                List.of("po"),
                List.of("all"),
                true,
                Set.of(
                        Subresource.STATUS,
                        Subresource.EPHEMERALCONTAINERS,
                        Subresource.RESIZE,
                        Subresource.BINDING,
                        Subresource.EVICTION,
                        Subresource.LOG,
                        Subresource.EXEC,
                        Subresource.ATTACH,
                        Subresource.PORTFORWARD,
                        Subresource.PROXY),
                rules(),
                PodColumns.list(),
                Set.of(
                        "spec.nodeName",
                        "spec.restartPolicy",
                        "spec.schedulerName",
                        "spec.serviceAccountName",
                        "spec.hostNetwork",
                        "status.phase",
                        "status.podIP",
                        "status.podIPs",
                        "status.nominatedNodeName"));
    }

    private static KindRules rules() {
        return KindRules.none()
                .defaulting(pod -> {
                    ObjectNode spec = Tree.child(pod, "spec");
                    PodDefaults.applyToPod(spec);
                    PodDefaults.apply(spec);
                })
                .creating(AffinityKeys::apply)
                .creating(AppArmorRules::complete)
                .creating(PodKind::startPending)
                .updating((updated, old) -> Tree.carry(updated, old, "status"))
                .checking((pod, problems) -> AnnotationRules.validate(pod, "metadata.annotations", problems))
                .checking(PodSpecRules::validatePod)
                .checkingNew(PodKind::checkNew)
                .checkingChange(PodUpdateRules::validate)
                .advisingBefore(AppArmorRules::advise)
                .advising(PodWarnings::pod)
                .writing("status", PodStatusRules::prepare, PodStatusRules::validate)
                .writing("ephemeralcontainers", PodParts::prepareEphemeral, PodParts::validateEphemeral)
                .writing("resize", PodParts::prepareResize, PodParts::validateResize);
    }

    private static void checkNew(ObjectNode pod, Problems problems) {
        if (!Tree.at(pod, "spec", "ephemeralContainers").isEmpty()) {
            problems.forbidden("spec.ephemeralContainers", "cannot be set on create");
        }
        if (Tree.has(pod, "spec", "nodeName")
                && !Tree.at(pod, "spec", "schedulingGates").isEmpty()) {
            problems.forbidden("spec.nodeName", "cannot be set until all schedulingGates have been cleared");
        }
        AnnotationRules.agree(pod, "spec", problems);
    }

    private static void startPending(ObjectNode pod) {
        ObjectNode status = pod.putObject("status");
        status.put("phase", "Pending");
        status.put("qosClass", QosClass.of(Tree.child(pod, "spec")));
        if (!Tree.at(pod, "spec", "schedulingGates").isEmpty()) {
            status.putArray("conditions")
                    .addObject()
                    .put("message", "Scheduling is blocked due to non-empty scheduling gates")
                    .put("reason", "SchedulingGated")
                    .put("status", "False")
                    .put("type", "PodScheduled");
        }
    }
}
