package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;
import java.util.stream.Stream;

/** What a valid container is, by its role in the pod. */
final class ContainerRules {
    static final List<String> PULL_POLICIES = List.of("Always", "IfNotPresent", "Never");
    private static final List<String> TERMINATION_POLICIES = List.of("File", "FallbackToLogsOnError");
    private static final List<String> HOOKS = List.of("postStart", "preStop");
    private static final List<String> PROBES = List.of("livenessProbe", "readinessProbe", "startupProbe");

    private ContainerRules() {}

    /** The lists of containers in a pod. */
    enum Role {
        MAIN("containers"),
        INIT("initContainers"),
        EPHEMERAL("ephemeralContainers");

        private final String field;

        Role(String field) {
            this.field = field;
        }

        String field() {
            return field;
        }
    }

    static void validate(Tree.Item item, Role role, PodContext pod, Problems problems) {
        JsonNode container = item.value();
        String path = item.path();
        if (problems.requireText(path, container, "name", "")) {
            problems.named(path + ".name", container.path("name"), NameRule.DNS_LABEL);
        }
        image(container, path, pod.real() || role == Role.EPHEMERAL, problems);
        problems.oneOf(
                path + ".terminationMessagePolicy", container.path("terminationMessagePolicy"), TERMINATION_POLICIES);
        PortListRules.validate(container.path("ports"), path + ".ports", problems);
        EnvRules.validate(container, path, problems);
        MountRules.validate(container, path, pod.volumes(), problems);
        problems.oneOf(path + ".imagePullPolicy", container.path("imagePullPolicy"), PULL_POLICIES);
        ResourceRules.validate(container.path("resources"), path + ".resources", problems);
        ResourceClaimRules.used(
                Tree.at(container, "resources", "claims"), path + ".resources.claims", pod.claims(), problems);
        ResizePolicies.validate(container.path("resizePolicy"), path + ".resizePolicy", pod.restartPolicy(), problems);
        SecurityRules.container(container.path("securityContext"), path + ".securityContext", problems);
        switch (role) {
            case MAIN -> {
                if (Tree.has(container, "restartPolicy")) {
                    problems.forbidden(path + ".restartPolicy", "may not be set for non-init containers");
                }
                probesAndHooks(container, path, pod, problems);
            }
            case INIT -> {
                problems.oneOf(path + ".restartPolicy", container.path("restartPolicy"), List.of("Always"));
                if (Tree.text(container, "restartPolicy").equals("Always")) {
                    probesAndHooks(container, path, pod, problems);
                } else {
                    noProbesOrHooks(container, path, problems);
                }
            }
            case EPHEMERAL -> EphemeralRules.validate(item, problems);
        }
    }

    /** @param trimmed whether spaces around it are wrong, which templates may have */
    private static void image(JsonNode container, String path, boolean trimmed, Problems problems) {
        String image = Tree.text(container, "image");
        if (image.isEmpty()) {
            problems.required(path + ".image", "");
        } else if (trimmed && !image.equals(image.strip())) {
            problems.invalid(path + ".image", image, "must not have leading or trailing whitespace");
        }
    }

    private static void probesAndHooks(JsonNode container, String path, PodContext pod, Problems problems) {
        for (String hook : HOOKS) {
            JsonNode handler = Tree.at(container, "lifecycle", hook);
            if (handler.isObject()) {
                ProbeRules.hook(handler, path + ".lifecycle." + hook, pod.graceSeconds(), problems);
            }
        }
        for (String field : PROBES) {
            if (container.path(field).isObject()) {
                ProbeRules.probe(container.path(field), path + "." + field, !field.equals("readinessProbe"), problems);
            }
        }
    }

    private static void noProbesOrHooks(JsonNode container, String path, Problems problems) {
        Stream.concat(Stream.of("lifecycle"), PROBES.stream())
                .filter(field -> container.path(field).isObject())
                .forEach(field -> problems.forbidden(
                        path + "." + field, "may not be set for init containers without restartPolicy=Always"));
    }
}
