package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What a pod cannot have together with a namespace of its host. */
final class HostRules {
    private static final String NO_HOST_USERS = "when `pod.Spec.HostUsers` is false";
    /** Namespaces of the host, and how Kubernetes' messages spell their fields. */
    private static final Map<String, String> SHARED =
            Map.of("hostNetwork", "hostNetwork", "hostPID", "HostPID", "hostIPC", "HostIPC");
    /** The namespace that holds the values of a sysctl, by the host's field for it. */
    private static final Map<String, Pattern> SYSCTLS = Map.of(
            "hostIPC", Pattern.compile("kernel\\.sem|kernel\\.shm.*|kernel\\.msg.*|fs\\.mqueue\\..*"),
            "hostNetwork", Pattern.compile("net\\..*"));

    private HostRules() {}

    static void validate(JsonNode spec, String path, Problems problems) {
        if (Tree.isTrue(spec, "shareProcessNamespace") && Tree.isTrue(spec, "hostPID")) {
            problems.invalid(
                    path + ".securityContext.shareProcessNamespace",
                    spec.path("shareProcessNamespace"),
                    "ShareProcessNamespace and HostPID cannot both be enabled");
        }
        if (spec.path("hostUsers").isBoolean() && !spec.path("hostUsers").booleanValue()) {
            SHARED.forEach((shared, shown) -> {
                if (Tree.isTrue(spec, shared)) {
                    problems.forbidden(path + "." + shown, NO_HOST_USERS);
                }
            });
        }
        sysctls(spec, path + ".securityContext.sysctls", problems);
        if (spec.path("os").isObject()) {
            if (problems.requireText(path + ".os", spec.path("os"), "name", "cannot be empty")) {
                problems.oneOf(path + ".os", Tree.at(spec, "os", "name"), List.of("linux", "windows"));
            }
        }
    }

    private static void sysctls(JsonNode spec, String path, Problems problems) {
        Tree.items(Tree.at(spec, "securityContext", "sysctls"), path).forEach(item -> {
            // The kernel reads a slash as a dot.
            String name = Tree.text(item.value(), "name").replace('/', '.');
            SYSCTLS.forEach((shared, names) -> {
                if (Tree.isTrue(spec, shared) && names.matcher(name).matches()) {
                    problems.invalid(
                            item.path() + ".name",
                            item.value().path("name"),
                            "may not be specified when '" + shared + "' is true");
                }
            });
        });
    }
}
