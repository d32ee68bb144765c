package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;
import java.util.Map;

/** What a valid container is, by its role in the pod. */
final class ContainerRules {
    static final List<String> PULL_POLICIES = List.of("Always", "IfNotPresent", "Never");
    private static final List<String> TERMINATION_POLICIES = List.of("FallbackToLogsOnError", "File");
    static final List<String> HOOKS = List.of("postStart", "preStop");
    private static final List<String> PROBES = List.of("livenessProbe", "readinessProbe", "startupProbe");

    private ContainerRules() {}

    /** The lists of containers in a pod. */
    enum Role {
        INIT("initContainers"),
        MAIN("containers"),
        EPHEMERAL("ephemeralContainers");

        private final String field;

        Role(String field) {
            this.field = field;
        }

        String field() {
            return field;
        }
    }

    static void validate(Tree.Item item, Role role, Map<String, JsonNode> volumes, Problems problems) {
        JsonNode container = item.value();
        String path = item.path();
        if (problems.requireText(path, container, "name", "")) {
            problems.named(path + ".name", container.path("name"), NameRule.DNS_LABEL);
        }
        image(container, path, problems);
        problems.oneOf(path + ".imagePullPolicy", container.path("imagePullPolicy"), PULL_POLICIES);
        problems.oneOf(
                path + ".terminationMessagePolicy", container.path("terminationMessagePolicy"), TERMINATION_POLICIES);
        EnvRules.validate(container, path, problems);
        MountRules.validate(container, path, volumes, problems);
        ResourceRules.validate(container.path("resources"), path + ".resources", problems);
        SecurityRules.container(container.path("securityContext"), path + ".securityContext", problems);
        ResizePolicies.validate(container.path("resizePolicy"), path + ".resizePolicy", problems);
        if (role == Role.EPHEMERAL) {
            EphemeralRules.validate(item, problems);
        }
        probesAndHooks(container, path, role, problems);
    }

    private static void image(JsonNode container, String path, Problems problems) {
        String image = Tree.text(container, "image");
        if (image.isEmpty()) {
            problems.required(path + ".image", "");
        } else if (!image.equals(image.strip())) {
            problems.invalid(path + ".image", image, "must not have leading or trailing whitespace");
        }
    }

    private static void probesAndHooks(JsonNode container, String path, Role role, Problems problems) {
        boolean sidecar = Tree.text(container, "restartPolicy").equals("Always");
        if (role == Role.INIT) {
            problems.oneOf(path + ".restartPolicy", container.path("restartPolicy"), List.of("Always"));
        } else if (Tree.has(container, "restartPolicy")) {
            problems.forbidden(path + ".restartPolicy", "may not be set for non-init containers");
        }
        for (String field : PROBES) {
            if (!container.path(field).isObject()) {
                continue;
            }
            if (role == Role.INIT && !sidecar) {
                problems.forbidden(
                        path + "." + field, "may not be set for init containers without restartPolicy=Always");
            } else if (role == Role.EPHEMERAL) {
                problems.forbidden(path + "." + field, "cannot be set for an Ephemeral Container");
            } else {
                ProbeRules.probe(container.path(field), path + "." + field, !field.equals("readinessProbe"), problems);
            }
        }
        JsonNode lifecycle = container.path("lifecycle");
        if (lifecycle.isObject() && role == Role.INIT && !sidecar) {
            problems.forbidden(path + ".lifecycle", "may not be set for init containers without restartPolicy=Always");
        } else if (lifecycle.isObject() && role == Role.EPHEMERAL) {
            problems.forbidden(path + ".lifecycle", "cannot be set for an Ephemeral Container");
        }
        for (String hook : HOOKS) {
            if (lifecycle.path(hook).isObject()) {
                ProbeRules.handler(
                        lifecycle.path(hook), path + ".lifecycle." + hook, ProbeRules.HOOK_HANDLERS, problems);
            }
        }
    }
}
