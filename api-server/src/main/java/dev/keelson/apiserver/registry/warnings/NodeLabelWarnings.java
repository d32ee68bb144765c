package dev.keelson.apiserver.registry.warnings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.registry.rules.Warnings;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Labels of nodes that have another name by now, wherever nodes are chosen by their labels (Kubernetes' {@code api/node}). */
public final class NodeLabelWarnings {
    private static final Map<String, String> DEPRECATED = Map.of(
            "beta.kubernetes.io/arch", since("1.14", "kubernetes.io/arch"),
            "beta.kubernetes.io/os", since("1.14", "kubernetes.io/os"),
            "failure-domain.beta.kubernetes.io/region", since("1.17", "topology.kubernetes.io/region"),
            "failure-domain.beta.kubernetes.io/zone", since("1.17", "topology.kubernetes.io/zone"),
            "beta.kubernetes.io/instance-type", since("1.17", "node.kubernetes.io/instance-type"),
            "app.kubernetes.io/created-by", "deprecated since v1.9",
            "scheduler.alpha.kubernetes.io/preferAvoidPods",
                    "deprecated since v1.22; use Taints and Tolerations instead",
            "node-role.kubernetes.io/master", "use \"node-role.kubernetes.io/control-plane\" instead");

    private NodeLabelWarnings() {}

    private static String since(String version, String instead) {
        return "deprecated since v%s; use \"%s\" instead".formatted(version, instead);
    }

    /** Of a StorageClass, which says where its volumes may be made. */
    public static void storageClass(ObjectNode storageClass, Optional<ObjectNode> old, Warnings warnings) {
        Tree.items(storageClass.path("allowedTopologies"), "allowedTopologies")
                .forEach(term -> expressions(
                        term.value().path("matchLabelExpressions"), term.path() + ".matchLabelExpressions", warnings));
    }

    /** Of what a storage driver says about its room. */
    public static void capacity(ObjectNode capacity, Optional<ObjectNode> old, Warnings warnings) {
        JsonNode topology = capacity.path("nodeTopology");
        expressions(topology.path("matchExpressions"), "nodeTopology.matchExpressions", warnings);
        topology.path("matchLabels").fieldNames().forEachRemaining(key -> message(key)
                .ifPresent(words -> warnings.add("nodeTopology.matchLabels." + key, words)));
    }

    /** Of a RuntimeClass, whose pods run on these nodes only. */
    public static void runtimeClass(ObjectNode runtimeClass, Optional<ObjectNode> old, Warnings warnings) {
        Tree.at(runtimeClass, "scheduling", "nodeSelector").fieldNames().forEachRemaining(key -> message(key)
                .ifPresent(words -> warnings.add("scheduling.nodeSelector", words)));
    }

    static void selector(JsonNode labels, String path, Warnings warnings) {
        labels.fieldNames()
                .forEachRemaining(key -> message(key).ifPresent(words -> warnings.add(path + "[" + key + "]", words)));
    }

    /** The terms of a node selector. */
    static void terms(JsonNode terms, String path, Warnings warnings) {
        Tree.items(terms, path)
                .forEach(term -> expressions(
                        term.value().path("matchExpressions"), term.path() + ".matchExpressions", warnings));
    }

    static void expressions(JsonNode expressions, String path, Warnings warnings) {
        Tree.items(expressions, path).forEach(item -> key(item.value().path("key"), item.path() + ".key", warnings));
    }

    /** A label that is named as the value of a field. */
    static void key(JsonNode key, String path, Warnings warnings) {
        String label = key.asText("");
        message(label).ifPresent(words -> warnings.add(path, label + " is " + words));
    }

    private static Optional<String> message(String label) {
        return Optional.ofNullable(DEPRECATED.get(label));
    }

    /** The annotations that were fields before there were fields. */
    static void annotations(ObjectNode object, List<String> keys, String words, Warnings warnings) {
        for (String key : keys) {
            if (Tree.at(object, "metadata", "annotations").has(key)) {
                warnings.add("metadata.annotations[" + key + "]", words);
            }
        }
    }
}
