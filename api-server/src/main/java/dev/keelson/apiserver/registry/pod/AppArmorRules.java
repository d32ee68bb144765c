package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.registry.rules.Warnings;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Which AppArmor profiles a pod may ask for, in its fields and in the older annotations (Kubernetes KEP-24). */
final class AppArmorRules {
    static final String ANNOTATION = "container.apparmor.security.beta.kubernetes.io/";
    private static final String LOCALHOST = "localhost/";
    private static final int LONGEST_NAME = 4095;

    private AppArmorRules() {}

    /**
     * Makes fields and annotations say the same, where only one of them says something: nodes of several versions of
     * Kubernetes read either (KEP-24, version skew).
     */
    static void complete(ObjectNode pod) {
        if (onWindows(pod)) {
            return;
        }
        JsonNode ofPod = profileOf(pod.path("spec"));
        containers(pod).forEach(container -> {
            String key = ANNOTATION + Tree.text(container, "name");
            JsonNode own = profileOf(container);
            if (!Tree.at(pod, "metadata", "annotations").has(key)) {
                asAnnotation(own.isObject() ? own : ofPod)
                        .ifPresent(value -> Tree.child(Tree.child(pod, "metadata"), "annotations")
                                .put(key, value));
            } else if (!own.isObject()) {
                asProfile(Tree.text(pod, "metadata", "annotations", key))
                        .filter(profile -> !profile.equals(ofPod))
                        .ifPresent(profile ->
                                Tree.child(container, "securityContext").set("appArmorProfile", profile));
            }
        });
    }

    /** Says of which containers an annotation decides, and no field. */
    static void advise(ObjectNode pod, Warnings warnings) {
        if (onWindows(pod)) {
            return;
        }
        JsonNode ofPod = profileOf(pod.path("spec"));
        for (ObjectNode container : containers(pod)) {
            String key = ANNOTATION + Tree.text(container, "name");
            JsonNode annotation = Tree.at(pod, "metadata", "annotations", key);
            boolean decides = !profileOf(container).isObject()
                    && asProfile(annotation.asText("")).filter(ofPod::equals).isEmpty();
            if (annotation.isTextual() && decides) {
                warnings.add(
                        "metadata.annotations[" + key + "]",
                        "deprecated since v1.30; use the \"appArmorProfile\" field instead");
            }
        }
    }

    private static boolean onWindows(JsonNode pod) {
        return Tree.text(pod, "spec", "os", "name").equals("windows");
    }

    private static JsonNode profileOf(JsonNode holder) {
        return Tree.at(holder, "securityContext", "appArmorProfile");
    }

    private static Optional<String> asAnnotation(JsonNode profile) {
        return switch (Tree.text(profile, "type")) {
            case "Unconfined" -> Optional.of("unconfined");
            case "RuntimeDefault" -> Optional.of("runtime/default");
            case "Localhost" ->
                Optional.of(Tree.text(profile, "localhostProfile"))
                        .filter(name -> !name.isEmpty())
                        .map(LOCALHOST::concat);
            default -> Optional.empty();
        };
    }

    private static Optional<ObjectNode> asProfile(String annotation) {
        if (!isProfile(annotation)) {
            return Optional.empty();
        }
        ObjectNode profile = JsonNodeFactory.instance.objectNode();
        if (annotation.startsWith(LOCALHOST)) {
            return Optional.of(
                    profile.put("type", "Localhost").put("localhostProfile", annotation.substring(LOCALHOST.length())));
        }
        return Optional.of(profile.put("type", annotation.equals("unconfined") ? "Unconfined" : "RuntimeDefault"));
    }

    private static List<ObjectNode> containers(JsonNode pod) {
        return Stream.of("initContainers", "containers", "ephemeralContainers")
                .flatMap(list -> Tree.objects(pod, "spec", list).stream())
                .toList();
    }

    private static boolean isProfile(String value) {
        return value.equals("unconfined")
                || value.equals("runtime/default")
                || value.startsWith(LOCALHOST) && value.length() > LOCALHOST.length();
    }

    /** @param path of the annotations */
    static void annotations(JsonNode holder, String path, Problems problems) {
        Tree.at(holder, "metadata", "annotations").properties().stream()
                .filter(entry -> entry.getKey().startsWith(ANNOTATION))
                .forEach(entry -> {
                    String field = "%s[%s]".formatted(path, entry.getKey());
                    String name = entry.getKey().substring(ANNOTATION.length());
                    if (containers(holder).stream()
                            .noneMatch(container -> Tree.text(container, "name").equals(name))) {
                        problems.invalid(field, name, "container not found");
                    }
                    String value = entry.getValue().asText();
                    boolean known = value.isEmpty() || value.startsWith(LOCALHOST) || isProfile(value);
                    if (!known) {
                        problems.invalid(field, value, "invalid AppArmor profile name: " + TextNode.valueOf(value));
                    }
                });
    }

    /** Judges annotations beside fields: of a container, or else of the pod. */
    static void agree(JsonNode holder, String path, Problems problems) {
        if (onWindows(holder)) {
            return;
        }
        JsonNode spec = holder.path("spec");
        for (ContainerRules.Role role : ContainerRules.Role.values()) {
            Tree.items(spec.path(role.field()), path + "." + role.field()).forEach(item -> {
                JsonNode own = profileOf(item.value());
                JsonNode annotation =
                        Tree.at(holder, "metadata", "annotations", ANNOTATION + Tree.text(item.value(), "name"));
                JsonNode profile = own.isObject() ? own : profileOf(spec);
                if (annotation.isTextual() && profile.isObject()) {
                    AnnotationRules.agree(
                            annotation.textValue(),
                            profile,
                            item.path() + ".securityContext.appArmorProfile",
                            "apparmor",
                            problems);
                }
            });
        }
    }

    static void profile(JsonNode profile, String path, Problems problems) {
        if (!profile.isObject()) {
            return;
        }
        String field = path + ".localhostProfile";
        JsonNode name = profile.path("localhostProfile");
        switch (Tree.text(profile, "type")) {
            case "Localhost" -> localhost(name, field, problems);
            case "RuntimeDefault", "Unconfined" -> {
                if (name.isTextual()) {
                    problems.invalid(field, name, "can only be set when AppArmor type is Localhost");
                }
            }
            case "" -> problems.required(path + ".type", "type is required when appArmorProfile is set");
            default -> problems.notSupported(path + ".type", profile.path("type"), SecurityRules.PROFILES);
        }
    }

    private static void localhost(JsonNode name, String field, Problems problems) {
        String text = name.asText("");
        if (!text.equals(text.strip())) {
            problems.invalid(field, name, "must not be padded with whitespace");
        } else if (text.isEmpty()) {
            problems.required(field, "must be set when AppArmor type is Localhost");
        }
        if (text.length() > LONGEST_NAME) {
            problems.tooLong(field, LONGEST_NAME);
        }
    }
}
