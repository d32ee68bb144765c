package dev.keelson.apiserver.registry.warnings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.registry.rules.Warnings;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Pods and the templates of pods (Kubernetes' {@code api/pod/warnings.go}). */
public final class PodWarnings {
    private static final String SELECTS_NOTHING = "a null labelSelector results in matching no pod";
    private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
    private static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";

    private PodWarnings() {}

    /** Of a new pod; nobody is told anything when a pod changes, which is what nodes do all the time. */
    public static void pod(ObjectNode pod, Optional<ObjectNode> old, Warnings warnings) {
        if (old.isEmpty()) {
            hostname(pod, "the Pod's hostname", warnings);
            both(pod, "", warnings);
        }
    }

    /** Of the template that a PodTemplate is. */
    public static void podTemplate(ObjectNode object, Optional<ObjectNode> old, Warnings warnings) {
        template(object.path("template"), "template", warnings);
    }

    static void template(JsonNode template, String path, Warnings warnings) {
        both(template, path + ".", warnings);
    }

    static void hostname(ObjectNode object, String use, Warnings warnings) {
        String name = Tree.text(object, "metadata", "name");
        List<String> found = NameRule.DNS_LABEL.problems(name);
        if (found.isEmpty()) {
            return;
        }
        boolean dotted = NameRule.DNS_SUBDOMAIN.problems(name).isEmpty() && name.length() <= 63;
        warnings.add(
                "metadata.name",
                "this is used in %s, which can result in surprising behavior; a DNS label is recommended: [%s]"
                        .formatted(use, dotted ? "must not contain dots" : String.join(" ", found)));
    }

    private static void both(JsonNode pod, String at, Warnings warnings) {
        JsonNode spec = pod.path("spec");
        String path = at + "spec";
        nodes(spec, path, warnings);
        AnnotationWarnings.removed(pod, at, warnings);
        VolumeWarnings.pod(spec.path("volumes"), path + ".volumes", warnings);
        repeated(spec, "hostAliases", "ip", path, warnings);
        repeated(spec, "imagePullSecrets", "name", path, warnings);
        Tree.items(spec.path("imagePullSecrets"), path + ".imagePullSecrets").forEach(item -> {
            if (!Tree.has(item.value(), "name")) {
                warnings.add(item.path() + ".name", "invalid empty name \"\"");
            }
        });
        VolumeWarnings.wholeBytes(
                spec.path("overhead"), path + ".overhead", ContainerWarnings.COUNTED_IN_BYTES, warnings);
        AnnotationWarnings.pod(pod, at, warnings);
        ContainerWarnings.all(pod, at, warnings);
        PortWarnings.all(spec, path, warnings);
        if (Tree.number(spec, "terminationGracePeriodSeconds").orElse(0L) < 0) {
            warnings.add(
                    path + ".terminationGracePeriodSeconds",
                    "must be >= 0; negative values are invalid and will be treated as 1");
        }
        neighbours(spec.path("affinity"), path + ".affinity", warnings);
    }

    private static void nodes(JsonNode spec, String path, Warnings warnings) {
        NodeLabelWarnings.selector(spec.path("nodeSelector"), path + ".nodeSelector", warnings);
        JsonNode affinity = Tree.at(spec, "affinity", "nodeAffinity");
        String at = path + ".affinity.nodeAffinity.";
        NodeLabelWarnings.terms(
                Tree.at(affinity, REQUIRED, "nodeSelectorTerms"), at + REQUIRED + ".nodeSelectorTerms", warnings);
        Tree.items(affinity.path(PREFERRED), at + PREFERRED)
                .forEach(item -> NodeLabelWarnings.expressions(
                        Tree.at(item.value(), "preference", "matchExpressions"),
                        item.path() + ".preference.matchExpressions",
                        warnings));
        Tree.items(spec.path("topologySpreadConstraints"), path + ".topologySpreadConstraints")
                .forEach(item -> {
                    NodeLabelWarnings.key(item.value().path("topologyKey"), item.path() + ".topologyKey", warnings);
                    selects(item.value(), item.path(), warnings);
                });
    }

    private static void neighbours(JsonNode affinity, String path, Warnings warnings) {
        for (String kind : List.of("podAffinity", "podAntiAffinity")) {
            String at = path + "." + kind + ".";
            Tree.items(Tree.at(affinity, kind, REQUIRED), at + REQUIRED)
                    .forEach(item -> selects(item.value(), item.path(), warnings));
            Tree.items(Tree.at(affinity, kind, PREFERRED), at + PREFERRED)
                    .forEach(item ->
                            selects(item.value().path("podAffinityTerm"), item.path() + ".podAffinityTerm", warnings));
        }
    }

    private static void selects(JsonNode term, String path, Warnings warnings) {
        if (!term.path("labelSelector").isObject()) {
            warnings.add(path + ".labelSelector", SELECTS_NOTHING);
        }
    }

    private static void repeated(JsonNode spec, String list, String key, String path, Warnings warnings) {
        Set<String> seen = new HashSet<>();
        Tree.items(spec.path(list), path + "." + list).forEach(item -> {
            String value = Tree.text(item.value(), key);
            if (!seen.add(value)) {
                warnings.add(item.path() + "." + key, "duplicate " + key + " \"" + value + "\"");
            }
        });
    }
}
