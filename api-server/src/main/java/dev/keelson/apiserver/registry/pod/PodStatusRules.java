package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.rules.Addresses;
import dev.keelson.apiserver.registry.rules.GoSyntax;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.selector.LabelNames;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What the status of a pod may become (core's {@code ValidatePodStatusUpdate}). */
final class PodStatusRules {
    /** Conditions that are not judged, because Kubernetes itself sets them. */
    private static final Set<String> KNOWN_CONDITIONS = Set.of("PodScheduled", "Ready", "Initialized");

    private PodStatusRules() {}

    /** Keeps what no status says, and makes both places of the pod's address agree: the older one decides. */
    static void prepare(ObjectNode updated, ObjectNode old) {
        Meta.carry(updated, old, "ownerReferences");
        ObjectNode status = Tree.child(updated, "status");
        if (!Tree.has(status, "qosClass")) {
            Tree.carry(status, old.path("status"), "qosClass");
        }
        String address = Tree.text(status, "podIP");
        String first = Tree.text(status.path("podIPs").path(0), "ip");
        if (address.isEmpty() && !first.isEmpty()) {
            status.put("podIP", first);
        } else if (!address.equals(first)) {
            status.putArray("podIPs").addObject().put("ip", address);
        }
    }

    static void validate(ObjectNode updated, ObjectNode old, Problems problems) {
        AnnotationRules.validateChange(updated, old, problems);
        // Kubernetes looks for conditions in the metadata when it says where they are.
        Tree.items(Tree.at(updated, "status", "conditions"), "metadata.conditions")
                .forEach(item -> condition(item, problems));
        JsonNode nominated = Tree.at(updated, "status", "nominatedNodeName");
        if (!nominated.equals(Tree.at(old, "status", "nominatedNodeName"))) {
            problems.named("status.nominatedNodeName", nominated, NameRule.DNS_SUBDOMAIN);
        }
        String policy = Tree.text(old, "spec", "restartPolicy");
        Set<String> sidecars = Tree.objects(old, "spec", "initContainers").stream()
                .filter(container -> Tree.text(container, "restartPolicy").equals("Always"))
                .map(container -> Tree.text(container, "name"))
                .collect(Collectors.toSet());
        ended(updated, old, "containerStatuses", container -> mayRestart(container, policy), problems);
        ended(
                updated,
                old,
                "initContainerStatuses",
                container -> mayRestart(container, policy) || sidecars.contains(Tree.text(container, "name")),
                problems);
        ended(updated, old, "ephemeralContainerStatuses", container -> false, problems);
        claims(updated, problems);
        addresses(updated, "podIPs", "core.PodIP", problems);
        hostAddresses(updated, problems);
    }

    private static void condition(Tree.Item item, Problems problems) {
        String type = Tree.text(item.value(), "type");
        if (!KNOWN_CONDITIONS.contains(type)) {
            LabelNames.keyProblems(type).forEach(words -> problems.invalid(item.path() + ".Type", type, words));
        }
    }

    private static boolean mayRestart(ObjectNode container, String policy) {
        boolean failed =
                Tree.number(container, "state", "terminated", "exitCode").orElse(0L) != 0;
        return policy.equals("Always") || policy.equals("OnFailure") && failed;
    }

    /** Says which containers have ended for good and do not any more. */
    private static void ended(
            ObjectNode updated, ObjectNode old, String list, Predicate<ObjectNode> mayRestart, Problems problems) {
        List<ObjectNode> before = Tree.objects(old, "status", list);
        for (int i = 0; i < before.size(); i++) {
            ObjectNode then = before.get(i);
            boolean revived = hasEnded(then)
                    && !mayRestart.test(then)
                    && Tree.objects(updated, "status", list).stream()
                            .anyMatch(now -> now.path("name").equals(then.path("name")) && !hasEnded(now));
            if (revived) {
                problems.forbidden(
                        "status.%s[%d].state".formatted(list, i), "may not be transitioned to non-terminated state");
            }
        }
    }

    private static boolean hasEnded(ObjectNode container) {
        return Tree.at(container, "state", "terminated").isObject();
    }

    private static void claims(ObjectNode pod, Problems problems) {
        List<String> wanted = Tree.objects(pod, "spec", "resourceClaims").stream()
                .map(claim -> Tree.text(claim, "name"))
                .toList();
        Set<String> seen = new HashSet<>();
        Tree.items(Tree.at(pod, "status", "resourceClaimStatuses"), "status.resourceClaimStatuses")
                .forEach(item -> {
                    String name = Tree.text(item.value(), "name");
                    if (!wanted.contains(name)) {
                        problems.invalid(
                                item.path() + ".name",
                                name,
                                "must match the name of an entry in `spec.resourceClaims`");
                    }
                    if (!seen.add(name)) {
                        problems.duplicate(item.path() + ".name", item.value().path("name"));
                    }
                    problems.named(
                            item.path() + ".name", item.value().path("resourceClaimName"), NameRule.DNS_SUBDOMAIN);
                });
    }

    private static void hostAddresses(ObjectNode pod, Problems problems) {
        JsonNode first = Tree.at(pod, "status", "hostIPs").path(0);
        if (first.isObject() && !Tree.text(first, "ip").equals(Tree.text(pod, "status", "hostIP"))) {
            problems.invalid("status.hostIPs[0].ip", Tree.text(first, "ip"), "must be equal to `hostIP`");
        }
        addresses(pod, "hostIPs", "core.HostIP", problems);
    }

    /** @param type of an address, by which Go shows it */
    private static void addresses(ObjectNode pod, String list, String type, Problems problems) {
        String path = "status." + list;
        List<String> addresses = Tree.objects(pod, "status", list).stream()
                .map(address -> Tree.text(address, "ip"))
                .toList();
        int before = problems.count();
        for (int i = 0; i < addresses.size(); i++) {
            if (!Addresses.isIp(addresses.get(i))) {
                problems.invalid(path + "[" + i + "]", addresses.get(i), Addresses.IP_WORDS);
            }
        }
        long families = addresses.stream()
                .map(Addresses::familyOf)
                .flatMap(Optional::stream)
                .distinct()
                .count();
        if (problems.count() > before || families == addresses.size()) {
            return;
        }
        problems.invalidShown(
                path,
                addresses.stream()
                        .map(address -> shown(type, address))
                        .collect(Collectors.joining(", ", "[]" + type + "{", "}")),
                "may specify no more than one IP for each IP family");
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < addresses.size(); i++) {
            if (!seen.add(addresses.get(i))) {
                problems.duplicateShown(path + "[" + i + "]", shown(type, addresses.get(i)), "");
            }
        }
    }

    private static String shown(String type, String address) {
        return type + "{IP:" + GoSyntax.quoted(address) + "}";
    }
}
