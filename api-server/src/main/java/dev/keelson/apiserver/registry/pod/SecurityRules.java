package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;

/** What valid security contexts are. */
final class SecurityRules {
    private static final List<String> PROFILES = List.of("Localhost", "RuntimeDefault", "Unconfined");

    private SecurityRules() {}

    static void pod(JsonNode context, String path, Problems problems) {
        ids(context, path, problems);
        id(path + ".fsGroup", context.path("fsGroup"), problems);
        Tree.items(context.path("supplementalGroups"), path + ".supplementalGroups")
                .forEach(item -> id(item.path(), item.value(), problems));
        problems.oneOf(
                path + ".fsGroupChangePolicy",
                context.path("fsGroupChangePolicy"),
                List.of("Always", "OnRootMismatch"));
        profile(context.path("seccompProfile"), path + ".seccompProfile", problems);
    }

    static void container(JsonNode context, String path, Problems problems) {
        ids(context, path, problems);
        problems.oneOf(path + ".procMount", context.path("procMount"), List.of("Default", "Unmasked"));
        profile(context.path("seccompProfile"), path + ".seccompProfile", problems);
        boolean mayNotEscalate = context.path("allowPrivilegeEscalation").isBoolean()
                && !context.path("allowPrivilegeEscalation").booleanValue();
        if (mayNotEscalate && Tree.isTrue(context, "privileged")) {
            problems.invalid(path, context, "cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
        }
        if (mayNotEscalate && Tree.texts(context, "capabilities", "add").contains("CAP_SYS_ADMIN")) {
            problems.invalid(
                    path,
                    context,
                    "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN");
        }
    }

    private static void ids(JsonNode context, String path, Problems problems) {
        id(path + ".runAsUser", context.path("runAsUser"), problems);
        id(path + ".runAsGroup", context.path("runAsGroup"), problems);
    }

    private static void id(String path, JsonNode id, Problems problems) {
        if (id.isNumber() && (id.asLong() < 0 || id.asLong() > Integer.MAX_VALUE)) {
            problems.invalid(path, id, "must be between 0 and 2147483647, inclusive");
        }
    }

    private static void profile(JsonNode profile, String path, Problems problems) {
        if (!profile.isObject()) {
            return;
        }
        String type = Tree.text(profile, "type");
        if (type.isEmpty()) {
            problems.required(path + ".type", "type is required when seccompProfile is set");
        } else {
            problems.oneOf(path + ".type", profile.path("type"), PROFILES);
        }
        if (type.equals("Localhost")) {
            problems.requireText(path, profile, "localhostProfile", "must be set when seccomp type is Localhost");
        } else if (Tree.has(profile, "localhostProfile")) {
            problems.invalid(
                    path + ".localhostProfile",
                    profile.path("localhostProfile"),
                    "can only be set when seccomp type is Localhost");
        }
        VolumeRules.relativePath(path + ".localhostProfile", profile.path("localhostProfile"), problems);
    }
}
