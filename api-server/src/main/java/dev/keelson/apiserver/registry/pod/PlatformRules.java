package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/** What a pod may ask for on the operating system that it names, and options of Windows (core/validation). */
final class PlatformRules {
    private static final String NOT_ON_WINDOWS = "cannot be set for a windows pod";
    private static final String NOT_ON_LINUX = "windows options cannot be set for a linux pod";
    private static final int LONGEST_CREDENTIALS = 64 * 1024;

    private static final List<String> LINUX_PODS = List.of("hostPID", "hostIPC", "hostUsers", "shareProcessNamespace");
    private static final List<String> LINUX_CONTEXTS = List.of(
            "seLinuxOptions",
            "seccompProfile",
            "appArmorProfile",
            "fsGroup",
            "fsGroupChangePolicy",
            "sysctls",
            "runAsUser",
            "runAsGroup",
            "supplementalGroups",
            "supplementalGroupsPolicy",
            "capabilities",
            "readOnlyRootFilesystem",
            "privileged",
            "allowPrivilegeEscalation",
            "procMount");

    private PlatformRules() {}

    static void validate(JsonNode spec, String path, Problems problems) {
        String os = Tree.text(spec, "os", "name");
        if (os.equals("windows")) {
            set(spec, LINUX_PODS, path, problems);
            contexts(spec, path, (context, at) -> set(context, LINUX_CONTEXTS, at, problems));
        }
        contexts(spec, path, (context, at) -> {
            JsonNode options = context.path("windowsOptions");
            if (options.isObject() && os.equals("linux")) {
                problems.forbidden(at + ".windowsOptions", NOT_ON_LINUX);
            } else {
                options(options, at + ".windowsOptions", problems);
            }
        });
        hostProcesses(spec, path, problems);
    }

    private static void set(JsonNode holder, List<String> fields, String path, Problems problems) {
        fields.stream()
                .filter(field -> Tree.has(holder, field))
                .forEach(field -> problems.forbidden(path + "." + field, NOT_ON_WINDOWS));
    }

    private static void contexts(JsonNode spec, String path, BiConsumer<JsonNode, String> each) {
        each.accept(spec.path("securityContext"), path + ".securityContext");
        for (ContainerRules.Role role : ContainerRules.Role.values()) {
            Tree.items(spec.path(role.field()), path + "." + role.field())
                    .forEach(item ->
                            each.accept(item.value().path("securityContext"), item.path() + ".securityContext"));
        }
    }

    private static void options(JsonNode options, String path, Problems problems) {
        problems.named(
                path + ".gmsaCredentialSpecName", options.path("gmsaCredentialSpecName"), NameRule.DNS_SUBDOMAIN);
        if (options.has("gmsaCredentialSpec")) {
            int length = Tree.text(options, "gmsaCredentialSpec").length();
            if (length == 0) {
                problems.invalid(path + ".gmsaCredentialSpec", "", "gmsaCredentialSpec cannot be an empty string");
            } else if (length > LONGEST_CREDENTIALS) {
                problems.invalid(
                        path + ".gmsaCredentialSpec",
                        options.path("gmsaCredentialSpec"),
                        "gmsaCredentialSpec size must be under 64 KiB");
            }
        }
        if (options.has("runAsUserName") && Tree.text(options, "runAsUserName").isEmpty()) {
            problems.invalid(path + ".runAsUserName", "", "runAsUserName cannot be an empty string");
        }
    }

    /** Processes of the host are all of a pod's, and are in the host's network. */
    private static void hostProcesses(JsonNode spec, String path, Problems problems) {
        boolean whole = Tree.isTrue(spec, "securityContext", "windowsOptions", "hostProcess");
        List<Boolean> each = Stream.of(ContainerRules.Role.values())
                .flatMap(role -> Tree.objects(spec, role.field()).stream())
                .map(container -> Tree.at(container, "securityContext", "windowsOptions", "hostProcess"))
                .map(own -> own.asBoolean(whole))
                .toList();
        if (!each.contains(true)) {
            return;
        }
        if (each.contains(false)) {
            problems.invalid(
                    path,
                    "",
                    "If pod contains any hostProcess containers then all containers must be HostProcess containers");
        }
        if (!Tree.isTrue(spec, "hostNetwork")) {
            problems.invalid(
                    path + ".hostNetwork",
                    BooleanNode.FALSE,
                    "hostNetwork must be true if pod contains any hostProcess containers");
        }
    }
}
