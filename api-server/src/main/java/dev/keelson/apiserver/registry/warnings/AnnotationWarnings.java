package dev.keelson.apiserver.registry.warnings;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.registry.rules.Warnings;
import java.util.Map;
import java.util.TreeMap;

/** Annotations of pods that do nothing any more, or do what a field does now. */
final class AnnotationWarnings {
    private static final String USE_SYSCTLS = "non-functional in v1.11+; use the \"sysctls\" field instead";
    private static final Map<String, String> REMOVED = new TreeMap<>(Map.of(
            "scheduler.alpha.kubernetes.io/critical-pod",
            "non-functional in v1.16+; use the \"priorityClassName\" field instead",
            "security.alpha.kubernetes.io/sysctls",
            USE_SYSCTLS,
            "security.alpha.kubernetes.io/unsafe-sysctls",
            USE_SYSCTLS));
    private static final String SECCOMP = "non-functional in v1.27+; use the \"seccompProfile\" field instead";
    private static final String APPARMOR = "deprecated since v1.30; use the \"appArmorProfile\" field instead";

    private AnnotationWarnings() {}

    static void removed(JsonNode pod, String at, Warnings warnings) {
        REMOVED.forEach((key, words) -> warnIf(pod, key, words, at, warnings));
    }

    static void pod(JsonNode pod, String at, Warnings warnings) {
        if (!hasProfile(pod.path("spec"), "seccompProfile")) {
            warnIf(pod, "seccomp.security.alpha.kubernetes.io/pod", SECCOMP, at, warnings);
        }
    }

    static void container(JsonNode pod, JsonNode container, String at, Warnings warnings) {
        String name = Tree.text(container, "name");
        if (!hasProfile(container, "seccompProfile")) {
            warnIf(pod, "container.seccomp.security.alpha.kubernetes.io/" + name, SECCOMP, at, warnings);
        }
        // In a pod the annotation has become the field by now; it was judged before.
        boolean template = !at.isEmpty();
        if (template && !hasProfile(container, "appArmorProfile")) {
            warnIf(pod, "container.apparmor.security.beta.kubernetes.io/" + name, APPARMOR, at, warnings);
        }
    }

    private static boolean hasProfile(JsonNode holder, String profile) {
        return Tree.at(holder, "securityContext", profile).isObject();
    }

    private static void warnIf(JsonNode pod, String key, String words, String at, Warnings warnings) {
        if (Tree.at(pod, "metadata", "annotations").has(key)) {
            warnings.add(at + "metadata.annotations[" + key + "]", words);
        }
    }
}
