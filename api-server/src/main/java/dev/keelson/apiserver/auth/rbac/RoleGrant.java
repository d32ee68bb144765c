package dev.keelson.apiserver.auth.rbac;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.auth.User;
import dev.keelson.apiserver.registry.Meta;
import java.util.ArrayList;
import java.util.List;

/**
 * A binding: who gets which role.
 *
 * @param namespace where it holds; empty for a ClusterRoleBinding, which holds everywhere
 * @param subjects user names and group names, each with its mark ({@link #user}, {@link #group})
 */
record RoleGrant(String namespace, String name, RoleKey role, List<String> subjects) {
    RoleGrant {
        subjects = List.copyOf(subjects);
    }

    static String user(String name) {
        return "u:" + name;
    }

    static String group(String name) {
        return "g:" + name;
    }

    static RoleGrant of(ObjectNode binding, boolean cluster) {
        String namespace = cluster ? "" : Meta.namespace(binding);
        JsonNode ref = binding.path("roleRef");
        String role = ref.path("name").asText("");
        boolean clusterRole = ref.path("kind").asText("").equals("ClusterRole");
        List<String> subjects = new ArrayList<>();
        binding.path("subjects").forEach(subject -> {
            String name = subject.path("name").asText("");
            switch (subject.path("kind").asText("")) {
                case "User" -> subjects.add(user(name));
                case "Group" -> subjects.add(group(name));
                case "ServiceAccount" ->
                    subjects.add(user(User.accountName(subject.path("namespace").asText(namespace), name)));
                default -> {}
            }
        });
        return new RoleGrant(
                namespace,
                Meta.name(binding),
                clusterRole ? RoleKey.cluster(role) : new RoleKey(namespace, role),
                subjects);
    }

    @Override
    public String toString() {
        return namespace.isEmpty()
                ? "ClusterRoleBinding \"" + name + "\""
                : "RoleBinding \"" + name + "/" + namespace + "\"";
    }
}
