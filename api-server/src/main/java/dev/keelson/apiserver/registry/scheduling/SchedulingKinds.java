package dev.keelson.apiserver.registry.scheduling;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Declaration;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.print.Columns;
import dev.keelson.apiserver.registry.rules.KindRules;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The kinds of {@code scheduling.k8s.io/v1}. */
public final class SchedulingKinds {
    /** The classes that exist in every cluster, above all that users may make. */
    public static final Map<String, Integer> SYSTEM_CLASSES =
            Map.of("system-cluster-critical", 2_000_000_000, "system-node-critical", 2_000_001_000);

    private static final int HIGHEST_OF_USERS = 1_000_000_000;

    private SchedulingKinds() {}

    public static List<ResourceDefinition> list() {
        return List.of(Declaration.clusterWide("scheduling.k8s.io/v1", "PriorityClass", "priorityclasses")
                .shortNames("pc")
                .columns(
                        Columns.integer(
                                "Value", "The priority that its pods get.", object -> Tree.number(object, "value")
                                        .orElse(0L)),
                        Columns.flag(
                                "Global-Default",
                                "Whether pods without a class are of it.",
                                object -> Tree.isTrue(object, "globalDefault")),
                        Columns.age(),
                        Columns.text("PreemptionPolicy", "Whether its pods drive others out.", "", "preemptionPolicy"))
                .with(KindRules.none()
                        .counting("value")
                        .defaulting(object -> Tree.setDefault(object, "preemptionPolicy", "PreemptLowerPriority"))
                        .checking(SchedulingKinds::validate)
                        .checkingChange(SchedulingKinds::validateChange)));
    }

    private static void validate(ObjectNode object, Problems problems) {
        String name = Meta.name(object);
        long value = Tree.number(object, "value").orElse(0L);
        if (name.startsWith("system-")) {
            systemProblem(name, value, Tree.isTrue(object, "globalDefault"))
                    .ifPresent(words -> problems.forbidden(
                            "metadata.name",
                            "priority class names with 'system-' prefix are reserved for system use only. error: "
                                    + words));
        } else if (value > HIGHEST_OF_USERS) {
            problems.forbidden("value", "maximum allowed value of a user defined priority is " + HIGHEST_OF_USERS);
        }
        problems.oneOf("preemptionPolicy", object.path("preemptionPolicy"), List.of("PreemptLowerPriority", "Never"));
    }

    private static Optional<String> systemProblem(String name, long value, boolean globalDefault) {
        Integer known = SYSTEM_CLASSES.get(name);
        if (known == null) {
            return Optional.of(name + " is not a known system priority class");
        }
        if (value != known) {
            return Optional.of("value of %s PriorityClass must be %d".formatted(name, known));
        }
        return globalDefault
                ? Optional.of("globalDefault of %s PriorityClass must be false".formatted(name))
                : Optional.empty();
    }

    private static void validateChange(ObjectNode updated, ObjectNode old, Problems problems) {
        if (!Tree.number(updated, "value").equals(Tree.number(old, "value"))) {
            problems.forbidden("value", "may not be changed in an update.");
        }
        problems.immutable("preemptionPolicy", updated.path("preemptionPolicy"), old.path("preemptionPolicy"));
    }
}
