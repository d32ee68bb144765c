package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Annotations of pods and templates that mean something to Kubernetes (core's {@code ValidatePodSpecificAnnotations}). */
final class AnnotationRules {
    static final String MIRROR = "kubernetes.io/config.mirror";
    private static final String DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";
    private static final Pattern WHOLE = Pattern.compile("0|-[0-9]{1,10}|[1-9][0-9]{0,9}");

    private static final String SECCOMP_POD = "seccomp.security.alpha.kubernetes.io/pod";
    private static final String SECCOMP_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/";
    private static final String LOCALHOST = "localhost/";

    private AnnotationRules() {}

    /**
     * @param holder a pod or a template
     * @param path of its annotations
     */
    static void validate(JsonNode holder, String path, Problems problems) {
        JsonNode annotations = annotations(holder);
        if (annotations.has(MIRROR) && !Tree.has(holder, "spec", "nodeName")) {
            problems.invalid(
                    "%s[%s]".formatted(path, MIRROR),
                    annotations.path(MIRROR),
                    "must set spec.nodeName if mirror pod annotation is set");
        }
        if (annotations.has(DELETION_COST) && !isCost(Tree.text(annotations, DELETION_COST))) {
            problems.invalid(
                    "%s[%s]".formatted(path, DELETION_COST),
                    annotations.path(DELETION_COST),
                    "must be a 32bit integer");
        }
        annotations.properties().stream()
                .filter(entry ->
                        entry.getKey().equals(SECCOMP_POD) || entry.getKey().startsWith(SECCOMP_CONTAINER))
                .forEach(entry -> seccomp(entry, path, problems));
        AppArmorRules.annotations(holder, path, problems);
    }

    private static JsonNode annotations(JsonNode holder) {
        return Tree.at(holder, "metadata", "annotations");
    }

    private static boolean isCost(String text) {
        return WHOLE.matcher(text).matches() && Long.parseLong(text) == (int) Long.parseLong(text);
    }

    private static void seccomp(Map.Entry<String, JsonNode> annotation, String path, Problems problems) {
        String field = path + "." + annotation.getKey();
        String profile = annotation.getValue().asText();
        switch (profile) {
            case "runtime/default", "docker/default", "unconfined" -> {
                // These are all there are by themselves.
            }
            default -> {
                if (profile.startsWith(LOCALHOST)) {
                    VolumeRules.relativePath(field, TextNode.valueOf(profile.substring(LOCALHOST.length())), problems);
                } else {
                    problems.invalid(field, profile, "must be a valid seccomp profile");
                }
            }
        }
    }

    /** Annotations and fields that are about the same say the same. */
    static void agree(JsonNode holder, String path, Problems problems) {
        JsonNode spec = holder.path("spec");
        JsonNode annotations = annotations(holder);
        seccompAgrees(annotations.path(SECCOMP_POD), spec, path, problems);
        for (ContainerRules.Role role : ContainerRules.Role.values()) {
            Tree.items(spec.path(role.field()), path + "." + role.field())
                    .forEach(item -> seccompAgrees(
                            annotations.path(SECCOMP_CONTAINER + Tree.text(item.value(), "name")),
                            item.value(),
                            item.path(),
                            problems));
        }
        AppArmorRules.agree(holder, path, problems);
    }

    private static void seccompAgrees(JsonNode annotation, JsonNode holder, String path, Problems problems) {
        JsonNode profile = Tree.at(holder, "securityContext", "seccompProfile");
        if (annotation.isTextual() && profile.isObject()) {
            String said = annotation.textValue().equals("docker/default") ? "runtime/default" : annotation.textValue();
            agree(said, profile, path + ".securityContext.seccompProfile", "seccomp", problems);
        }
    }

    /** @param what the annotation and the profile are about */
    static void agree(String annotation, JsonNode profile, String path, String what, Problems problems) {
        boolean same =
                switch (Tree.text(profile, "type")) {
                    case "Unconfined" -> annotation.equals("unconfined");
                    case "RuntimeDefault" -> annotation.equals("runtime/default");
                    case "Localhost" -> annotation.startsWith(LOCALHOST);
                    default -> true;
                };
        if (!same) {
            problems.forbidden(path + ".type", what + " type in annotation and field must match");
        } else if (Tree.text(profile, "type").equals("Localhost")
                && !annotation.substring(LOCALHOST.length()).equals(Tree.text(profile, "localhostProfile"))) {
            problems.forbidden(path + ".localhostProfile", what + " profile in annotation and field must match");
        }
    }

    /** What decides how a pod is run, or who runs it, stays as it was. */
    static void validateChange(JsonNode updated, JsonNode old, Problems problems) {
        JsonNode now = annotations(updated);
        JsonNode then = annotations(old);
        TreeSet<String> keys = new TreeSet<>();
        now.fieldNames().forEachRemaining(keys::add);
        then.fieldNames().forEachRemaining(keys::add);
        for (String key : keys) {
            boolean fixed = key.startsWith(AppArmorRules.ANNOTATION) || key.equals(MIRROR);
            if (fixed && !Objects.equals(now.get(key), then.get(key))) {
                String what = key.equals(MIRROR) ? "mirror pod annotation" : "AppArmor annotations";
                problems.forbidden(
                        "metadata.annotations[%s]".formatted(key),
                        (then.has(key) ? "may not remove or update " : "may not add ") + what);
            }
        }
    }
}
