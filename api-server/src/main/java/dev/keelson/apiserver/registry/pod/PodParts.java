package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What may change in a pod that runs: ephemeral containers come, and the resources of containers grow and shrink. */
final class PodParts {
    /** How Kubernetes names an object as a whole. */
    private static final String WHOLE = "[]";

    private static final String ONLY_SOME = "only cpu and memory resources are mutable";
    private static final Set<String> RESIZABLE = Set.of("cpu", "memory");

    private PodParts() {}

    /** Takes nothing over but the ephemeral containers. */
    static void prepareEphemeral(ObjectNode updated, ObjectNode old) {
        JsonNode containers = Tree.at(updated, "spec", "ephemeralContainers");
        restore(updated, old);
        ObjectNode spec = Tree.child(updated, "spec");
        if (containers.isEmpty()) {
            spec.remove("ephemeralContainers");
        } else {
            spec.set("ephemeralContainers", containers);
            PodDefaults.apply(spec);
        }
    }

    static void validateEphemeral(ObjectNode updated, ObjectNode old, Problems problems) {
        if (isStatic(old)) {
            problems.forbidden(WHOLE, "static pods do not support ephemeral containers");
            return;
        }
        List<ObjectNode> after = Tree.objects(updated, "spec", "ephemeralContainers");
        for (ObjectNode container : Tree.objects(old, "spec", "ephemeralContainers")) {
            Optional<ObjectNode> same = named(after, container);
            String name = Tree.text(container, "name");
            if (same.isEmpty()) {
                problems.forbidden(
                        "spec.ephemeralContainers",
                        "existing ephemeral containers \"" + name + "\" may not be removed\n");
            } else if (!Tree.same(same.get(), container)) {
                problems.forbidden(
                        "spec.ephemeralContainers",
                        "existing ephemeral containers \"" + name + "\" may not be changed");
            }
        }
        Set<String> known = new TreeSet<>();
        for (String list : List.of("initContainers", "containers")) {
            Tree.objects(updated, "spec", list).forEach(container -> known.add(Tree.text(container, "name")));
        }
        Tree.items(Tree.at(updated, "spec", "ephemeralContainers"), "spec.ephemeralContainers")
                .forEach(item -> {
                    JsonNode target = item.value().path("targetContainerName");
                    if (Tree.has(target) && !known.contains(target.asText())) {
                        problems.notFound(item.path() + ".targetContainerName", target.asText());
                    }
                });
    }

    /** Takes nothing over but the resources of containers, how each wants to be resized, and those of the pod as a whole. */
    static void prepareResize(ObjectNode updated, ObjectNode old) {
        List<ObjectNode> asked = List.copyOf(Tree.objects(updated, "spec", "containers"));
        ObjectNode whole = Tree.child(updated, "spec").deepCopy();
        restore(updated, old);
        ObjectNode spec = Tree.child(updated, "spec");
        Tree.carry(spec, whole, "resources");
        for (ObjectNode container : Tree.objects(updated, "spec", "containers")) {
            named(asked, container).ifPresent(wanted -> {
                Tree.carry(container, wanted, "resources");
                Tree.carry(container, wanted, "resizePolicy");
                Tree.child(container, "resources");
                ContainerDefaults.requestWhatIsLimited(container);
            });
        }
        PodResources.applyDefaults(spec);
    }

    static void validateResize(ObjectNode updated, ObjectNode old, Problems problems) {
        boolean onWindows = Tree.text(old, "spec", "os", "name").equals("windows");
        if (isStatic(old) || onWindows) {
            problems.forbidden(WHOLE, (onWindows ? "windows" : "static") + " pods cannot be resized");
            return;
        }
        String before = QosClass.of(Tree.child(old.deepCopy(), "spec"));
        if (!QosClass.of(Tree.child(updated, "spec")).equals(before)) {
            problems.invalid("spec", before, "Pod QOS Class may not change as a result of resizing");
        }
        if (PodResources.areSet(old.path("spec")) || !PodResources.areSet(updated.path("spec"))) {
            resources(new Tree.Item("spec", updated.path("spec")), Tree.at(old, "spec", "resources"), problems);
        } else {
            problems.forbidden("spec.resources", "cannot be set by a resize for a pod that was created without");
        }
        List<ObjectNode> had = Tree.objects(old, "spec", "containers");
        Tree.items(Tree.at(updated, "spec", "containers"), "spec.containers").forEach(item -> named(had, item.value())
                .ifPresent(container -> resources(item, container.path("resources"), problems)));
    }

    private static void resources(Tree.Item container, JsonNode before, Problems problems) {
        JsonNode after = container.value().path("resources");
        String path = container.path() + ".resources";
        for (String side : List.of("requests", "limits")) {
            Set<String> names = new TreeSet<>();
            before.path(side).fieldNames().forEachRemaining(names::add);
            after.path(side).fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                JsonNode now = after.path(side).path(name);
                JsonNode then = before.path(side).path(name);
                if (!RESIZABLE.contains(name) && !Tree.same(now, then)) {
                    problems.forbidden("spec", ONLY_SOME);
                } else if (now.isMissingNode()) {
                    problems.forbidden(path + "." + side, "resource " + side + " cannot be removed");
                }
            }
        }
        if (!Tree.same(after.path("claims"), before.path("claims"))) {
            problems.forbidden("spec", ONLY_SOME);
        }
    }

    /** Whether it stands in a file of its node, by which alone it changes. */
    private static boolean isStatic(ObjectNode pod) {
        return Tree.at(pod, "metadata", "annotations").has(AnnotationRules.MIRROR);
    }

    private static Optional<ObjectNode> named(List<ObjectNode> containers, JsonNode like) {
        return containers.stream()
                .filter(container -> container.path("name").equals(like.path("name")))
                .findFirst();
    }

    private static void restore(ObjectNode updated, ObjectNode old) {
        JsonNode metadata = updated.path("metadata");
        updated.removeAll();
        updated.setAll(old.deepCopy());
        updated.set("metadata", metadata);
    }
}
