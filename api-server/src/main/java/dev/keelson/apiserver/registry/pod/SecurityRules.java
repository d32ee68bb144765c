package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What valid security contexts are. */
final class SecurityRules {
    static final List<String> PROFILES = List.of("Localhost", "RuntimeDefault", "Unconfined");

    private static final int SYSCTL_LENGTH = 253;
    private static final Pattern SYSCTL =
            Pattern.compile("^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$");

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
        problems.oneOf(
                path + ".supplementalGroupsPolicy",
                context.path("supplementalGroupsPolicy"),
                List.of("Merge", "Strict"));
        sysctls(context.path("sysctls"), path + ".sysctls", problems);
        profile(context.path("seccompProfile"), path + ".seccompProfile", problems);
        AppArmorRules.profile(context.path("appArmorProfile"), path + ".appArmorProfile", problems);
    }

    /** Which of them a node allows is the node's to say; here only what is no name of one. */
    private static void sysctls(JsonNode list, String path, Problems problems) {
        Set<String> seen = new HashSet<>();
        Tree.items(list, path).forEach(item -> {
            JsonNode name = item.value().path("name");
            String text = name.asText("");
            String field = item.path() + ".name";
            if (text.isEmpty()) {
                problems.required(field, "");
            } else if (text.length() > SYSCTL_LENGTH || !SYSCTL.matcher(text).matches()) {
                problems.invalid(
                        field,
                        name,
                        "must have at most %d characters and match regex %s".formatted(SYSCTL_LENGTH, SYSCTL));
            } else if (!seen.add(text)) {
                problems.duplicate(field, name);
            }
        });
    }

    static void container(JsonNode context, String path, Problems problems) {
        ids(context, path, problems);
        problems.oneOf(path + ".procMount", context.path("procMount"), List.of("Default", "Unmasked"));
        profile(context.path("seccompProfile"), path + ".seccompProfile", problems);
        AppArmorRules.profile(context.path("appArmorProfile"), path + ".appArmorProfile", problems);
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
        JsonNode file = profile.path("localhostProfile");
        if (type.equals("Localhost") && !file.isTextual()) {
            problems.required(path + ".localhostProfile", "must be set when seccomp type is Localhost");
        } else if (type.equals("Localhost")) {
            VolumeRules.relativePath(path + ".localhostProfile", file, problems);
        } else if (file.isTextual()) {
            problems.invalid(path + ".localhostProfile", profile, "can only be set when seccomp type is Localhost");
        }
    }
}
