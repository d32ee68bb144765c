package dev.keelson.controllers.namespace;

import dev.keelson.controllers.namespace.NamespacePlan.Content;
import dev.keelson.controllers.objects.Times;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.NamespaceCondition;
import io.fabric8.kubernetes.api.model.NamespaceConditionBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Why a namespace is not gone yet, as conditions that {@code kubectl describe namespace} shows. */
final class NamespaceStatus {
    private static final String REMAINING = "NamespaceContentRemaining";
    private static final String FINALIZERS = "NamespaceFinalizersRemaining";

    private NamespaceStatus() {}

    /** The namespace with its conditions brought up to date; equal to the argument when nothing changed. */
    static Namespace of(Namespace namespace, List<Content> contents, Instant now) {
        List<NamespaceCondition> before = namespace.getStatus() == null
                ? List.of()
                : namespace.getStatus().getConditions();
        String kinds = summary(contents);
        String held = summary(contents.stream().filter(Content::finalizers).toList());
        return new NamespaceBuilder(namespace)
                .editOrNewStatus()
                .withPhase("Terminating")
                .withConditions(
                        condition(
                                before,
                                REMAINING,
                                !kinds.isEmpty(),
                                "SomeResourcesRemain",
                                "Some resources are remaining: " + kinds,
                                "ContentRemoved",
                                "All content successfully removed",
                                now),
                        condition(
                                before,
                                FINALIZERS,
                                !held.isEmpty(),
                                "SomeFinalizersRemain",
                                "Some content in the namespace has finalizers remaining: " + held,
                                "ContentHasNoFinalizers",
                                "All content-preserving finalizers finished",
                                now))
                .endStatus()
                .build();
    }

    private static String summary(List<Content> contents) {
        Map<String, Long> counts =
                contents.stream().collect(Collectors.groupingBy(Content::plural, TreeMap::new, Collectors.counting()));
        return counts.entrySet().stream()
                .map(one -> "%s has %d resource instances".formatted(one.getKey(), one.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static NamespaceCondition condition(
            List<NamespaceCondition> before,
            String type,
            boolean holds,
            String reason,
            String message,
            String reasonNot,
            String messageNot,
            Instant now) {
        String status = holds ? "True" : "False";
        Optional<NamespaceCondition> same = before.stream()
                .filter(one -> type.equals(one.getType()) && status.equals(one.getStatus()))
                .findFirst();
        return new NamespaceConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(holds ? reason : reasonNot)
                .withMessage(holds ? message : messageNot)
                .withLastTransitionTime(
                        same.map(NamespaceCondition::getLastTransitionTime).orElse(Times.format(now)))
                .build();
    }
}
