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

/** Validation of pod specs, in pods and in templates (Kubernetes' {@code core/validation}). */
public final class PodSpecRules {
    private static final List<String> RESTART_POLICIES = List.of("Always", "OnFailure", "Never");
    private static final List<String> PREEMPTION_POLICIES = List.of("PreemptLowerPriority", "Never");

    private PodSpecRules() {}

    /** The spec of a template. */
    static void validateTemplate(JsonNode spec, String path, Problems problems) {
        validate(spec, path, "", problems);
    }

    /** The spec of a pod itself, of which more is known. */
    static void validatePod(JsonNode pod, Problems problems) {
        validate(pod.path("spec"), "spec", Tree.text(pod, "metadata", "name"), problems);
    }

    /** @param pod name of the pod; empty for a template */
    private static void validate(JsonNode spec, String path, String pod, Problems problems) {
        Map<String, JsonNode> volumes = VolumeRules.validate(spec.path("volumes"), path + ".volumes", pod, problems);
        ResourceClaimRules.validate(spec.path("resourceClaims"), path + ".resourceClaims", problems);
        containers(spec, path, PodContext.of(spec, !pod.isEmpty(), volumes), problems);
        PodResources.validate(spec, path, problems);
        if (Tree.isTrue(spec, "hostNetwork")) {
            Tree.items(spec.path("containers"), path + ".containers")
                    .forEach(item -> PortListRules.asOnTheHost(
                            item.value().path("ports"), item.path() + ".ports", pod.isEmpty(), problems));
        }
        if (Tree.has(spec, "restartPolicy")) {
            problems.oneOf(path + ".restartPolicy", spec.path("restartPolicy"), RESTART_POLICIES);
        } else {
            problems.required(path + ".restartPolicy", "");
        }
        DnsRules.validate(spec, path, problems);
        names(spec, path, problems);
        deadline(spec.path("activeDeadlineSeconds"), path + ".activeDeadlineSeconds", problems);
        LabelRules.labels(spec.path("nodeSelector"), path + ".nodeSelector", problems);
        SchedulingRules.validate(spec, path, problems);
        SecurityRules.pod(spec.path("securityContext"), path + ".securityContext", problems);
        HostRules.validate(spec, path, problems);
        PlatformRules.validate(spec, path, problems);
        ResourceRules.overhead(spec.path("overhead"), path + ".overhead", problems);
    }

    /** Tolerations, which stand in other kinds too. */
    public static void tolerations(JsonNode tolerations, String path, Problems problems) {
        SchedulingRules.tolerations(tolerations, path, problems);
    }

    private static void containers(JsonNode spec, String path, PodContext pod, Problems problems) {
        if (spec.path("containers").isEmpty()) {
            problems.required(path + ".containers", "");
        }
        Set<String> names = new HashSet<>();
        Set<String> hostPorts = new HashSet<>();
        for (ContainerRules.Role role : ContainerRules.Role.values()) {
            Tree.items(spec.path(role.field()), path + "." + role.field()).forEach(item -> {
                ContainerRules.validate(item, role, pod, problems);
                String name = Tree.text(item.value(), "name");
                if (!name.isEmpty() && !names.add(name)) {
                    problems.duplicate(item.path() + ".name", item.value().path("name"));
                }
                // Init containers run one by one, so that each may have a port again.
                if (role != ContainerRules.Role.EPHEMERAL) {
                    PortListRules.hostConflicts(
                            item.value().path("ports"),
                            item.path() + ".ports",
                            role == ContainerRules.Role.MAIN ? hostPorts : new HashSet<>(),
                            problems);
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

    private static void deadline(JsonNode deadline, String path, Problems problems) {
        if (deadline.isNumber() && (deadline.asLong() < 1 || deadline.asLong() > Integer.MAX_VALUE)) {
            problems.invalid(path, deadline, "must be between 1 and 2147483647, inclusive");
        }
    }
}
