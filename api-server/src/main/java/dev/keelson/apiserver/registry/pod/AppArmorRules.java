package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;
import java.util.stream.Stream;

/** Which AppArmor profiles a pod may ask for, in its fields and in the older annotations (Kubernetes KEP-24). */
final class AppArmorRules {
    private static final String ANNOTATION = "container.apparmor.security.beta.kubernetes.io/";
    private static final String LOCALHOST = "localhost/";
    private static final int LONGEST_NAME = 4095;

    private AppArmorRules() {}

    /** Gives containers whose profile only an annotation names the field that says the same. */
    static void takeFromAnnotations(ObjectNode pod) {
        JsonNode annotations = Tree.at(pod, "metadata", "annotations");
        containers(pod).forEach(container -> {
            String value = Tree.text(annotations, ANNOTATION + Tree.text(container, "name"));
            boolean said =
                    container.path("securityContext").path("appArmorProfile").isObject();
            if (!said && isProfile(value)) {
                ObjectNode profile = Tree.child(container, "securityContext").putObject("appArmorProfile");
                if (value.startsWith(LOCALHOST)) {
                    profile.put("type", "Localhost").put("localhostProfile", value.substring(LOCALHOST.length()));
                } else {
                    profile.put("type", value.equals("unconfined") ? "Unconfined" : "RuntimeDefault");
                }
            }
        });
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

    static void annotations(JsonNode pod, Problems problems) {
        Tree.at(pod, "metadata", "annotations").properties().stream()
                .filter(entry -> entry.getKey().startsWith(ANNOTATION))
                .forEach(entry -> {
                    String field = "metadata.annotations[%s]".formatted(entry.getKey());
                    String name = entry.getKey().substring(ANNOTATION.length());
                    if (containers(pod).stream()
                            .noneMatch(container -> Tree.text(container, "name").equals(name))) {
                        problems.invalid(field, name, "container not found");
                    }
                    if (!isProfile(entry.getValue().asText())) {
                        problems.invalid(
                                field,
                                entry.getValue(),
                                "must be runtime/default, unconfined or localhost/ and the name of a profile");
                    }
                });
    }

    static void profile(JsonNode profile, String path, Problems problems) {
        if (!profile.isObject()) {
            return;
        }
        String field = path + ".localhostProfile";
        JsonNode name = profile.path("localhostProfile");
        if (Tree.text(profile, "type").isEmpty()) {
            problems.required(path + ".type", "type is required when appArmorProfile is set");
        } else {
            problems.oneOf(path + ".type", profile.path("type"), SecurityRules.PROFILES);
        }
        if (!Tree.text(profile, "type").equals("Localhost")) {
            if (Tree.has(profile, "localhostProfile")) {
                problems.invalid(field, name, "can only be set when AppArmor type is Localhost");
            }
        } else if (name.asText("").isBlank()) {
            problems.required(field, "must be set when AppArmor type is Localhost");
        } else if (!name.asText().equals(name.asText().strip())) {
            problems.invalid(field, name, "must not be padded with whitespace");
        } else if (name.asText().length() > LONGEST_NAME) {
            problems.tooLong(field, LONGEST_NAME);
        }
    }
}
