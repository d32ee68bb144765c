package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.rules.LabelRules;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Validation of pod specs, in pods and in templates (Kubernetes' {@code core/validation}). */
public final class PodSpecRules {
    private static final List<String> RESTART_POLICIES = List.of("Always", "OnFailure", "Never");
    private static final List<String> PREEMPTION_POLICIES = List.of("Never", "PreemptLowerPriority");

    private PodSpecRules() {}

    /** @param path of the spec, such as {@code spec} or {@code spec.template.spec} */
    public static void validate(JsonNode spec, String path, Problems problems) {
        VolumeRules.validate(spec.path("volumes"), path + ".volumes", problems);
        containers(spec, path, MountRules.byName(spec.path("volumes")), problems);
        if (Tree.has(spec, "restartPolicy")) {
            problems.oneOf(path + ".restartPolicy", spec.path("restartPolicy"), RESTART_POLICIES);
        } else {
            problems.required(path + ".restartPolicy", "");
        }
        PodResources.validate(spec, path, problems);
        DnsRules.validate(spec, path, problems);
        names(spec, path, problems);
        times(spec, path, problems);
        LabelRules.labels(spec.path("nodeSelector"), path + ".nodeSelector", problems);
        SchedulingRules.validate(spec, path, problems);
        SecurityRules.pod(spec.path("securityContext"), path + ".securityContext", problems);
        HostRules.validate(spec, path, problems);
        PlatformRules.validate(spec, path, problems);
        ResourceClaimRules.validate(spec, path, problems);
    }

    /** Tolerations, which stand in other kinds too. */
    public static void tolerations(JsonNode tolerations, String path, Problems problems) {
        SchedulingRules.tolerations(tolerations, path, problems);
    }

    private static void containers(JsonNode spec, String path, Map<String, JsonNode> volumes, Problems problems) {
        if (spec.path("containers").isEmpty()) {
            problems.required(path + ".containers", "");
        }
        Set<String> names = new HashSet<>();
        boolean hostNetwork = Tree.isTrue(spec, "hostNetwork");
        Set<String> hostPorts = new HashSet<>();
        for (ContainerRules.Role role : ContainerRules.Role.values()) {
            Tree.items(spec.path(role.field()), path + "." + role.field()).forEach(item -> {
                ContainerRules.validate(item, role, volumes, problems);
                String name = Tree.text(item.value(), "name");
                if (!name.isEmpty() && !names.add(name)) {
                    problems.duplicate(item.path() + ".name", item.value().path("name"));
                }
                PortListRules.validate(item.value().path("ports"), item.path() + ".ports", hostNetwork, problems);
                if (role == ContainerRules.Role.MAIN) {
                    PortListRules.hostConflicts(
                            item.value().path("ports"), item.path() + ".ports", hostPorts, problems);
                }
            });
        }
    }

    private static void names(JsonNode spec, String path, Problems problems) {
        problems.named(path + ".hostname", spec.path("hostname"), NameRule.DNS_LABEL);
        problems.named(path + ".subdomain", spec.path("subdomain"), NameRule.DNS_LABEL);
        problems.named(path + ".nodeName", spec.path("nodeName"), NameRule.DNS_SUBDOMAIN);
        problems.named(path + ".serviceAccountName", spec.path("serviceAccountName"), NameRule.DNS_SUBDOMAIN);
        problems.named(path + ".priorityClassName", spec.path("priorityClassName"), NameRule.DNS_SUBDOMAIN);
        problems.oneOf(path + ".preemptionPolicy", spec.path("preemptionPolicy"), PREEMPTION_POLICIES);
        problems.named(path + ".runtimeClassName", spec.path("runtimeClassName"), NameRule.DNS_SUBDOMAIN);
    }

    private static void times(JsonNode spec, String path, Problems problems) {
        JsonNode deadline = spec.path("activeDeadlineSeconds");
        if (deadline.isNumber() && (deadline.asLong() < 1 || deadline.asLong() > Integer.MAX_VALUE)) {
            problems.invalid(path + ".activeDeadlineSeconds", deadline, "must be between 1 and 2147483647, inclusive");
        }
        JsonNode grace = spec.path("terminationGracePeriodSeconds");
        if (grace.isNumber()) {
            hooks(spec, path).forEach(hook -> ProbeRules.sleep(hook.value(), hook.path(), grace.asLong(), problems));
        }
    }

    private static Stream<Tree.Item> hooks(JsonNode spec, String path) {
        return Stream.of(ContainerRules.Role.values())
                .flatMap(role -> Tree.items(spec.path(role.field()), path + "." + role.field()))
                .flatMap(container -> ContainerRules.HOOKS.stream()
                        .map(hook -> new Tree.Item(
                                container.path() + ".lifecycle." + hook,
                                container.value().path("lifecycle").path(hook))));
    }
}
