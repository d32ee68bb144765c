package dev.keelson.apiserver.registry.warnings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.Addresses;
import dev.keelson.apiserver.registry.rules.Netip;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.registry.rules.Warnings;
import java.util.List;
import java.util.Optional;

/** Services (Kubernetes' {@code api/service/warnings.go}). */
public final class ServiceWarnings {
    private static final String HINTS = "service.kubernetes.io/topology-aware-hints";
    private static final String HEADLESS = " is ignored for headless services";

    private ServiceWarnings() {}

    public static void service(ObjectNode service, Optional<ObjectNode> old, Warnings warnings) {
        if (Tree.at(service, "metadata", "annotations").has(HINTS)) {
            warnings.add(
                    "annotation " + HINTS + " is deprecated, please use service.kubernetes.io/topology-mode instead");
        }
        JsonNode spec = service.path("spec");
        boolean externalName = Tree.text(spec, "type").equals("ExternalName");
        boolean headless = Tree.text(spec, "clusterIP").equals("None");
        if (!headless && !externalName) {
            addresses(spec.path("clusterIPs"), "spec.clusterIPs", warnings);
        }
        if (headless && Tree.text(spec, "type").equals("ClusterIP")) {
            headless(spec, warnings);
        }
        addresses(spec.path("externalIPs"), "spec.externalIPs", warnings);
        if (Tree.has(spec, "loadBalancerIP")) {
            address(Tree.text(spec, "loadBalancerIP"), "spec.loadBalancerIP", warnings);
        }
        Tree.items(spec.path("loadBalancerSourceRanges"), "spec.loadBalancerSourceRanges")
                .forEach(item -> range(item.value().asText(""), item.path(), warnings));
        if (externalName && !spec.path("externalIPs").isEmpty()) {
            warnings.add("spec.externalIPs is ignored when spec.type is \"ExternalName\"");
        }
        if (!externalName && Tree.has(spec, "externalName")) {
            warnings.add("spec.externalName is ignored when spec.type is not \"ExternalName\"");
        }
    }

    private static void headless(JsonNode spec, Warnings warnings) {
        if (Tree.has(spec, "loadBalancerIP")) {
            warnings.add("spec.loadBalancerIP" + HEADLESS);
        }
        if (!spec.path("externalIPs").isEmpty()) {
            warnings.add("spec.externalIPs" + HEADLESS);
        }
        if (!List.of("", "None").contains(Tree.text(spec, "sessionAffinity"))) {
            warnings.add("spec.SessionAffinity" + HEADLESS);
        }
    }

    private static void addresses(JsonNode list, String path, Warnings warnings) {
        Tree.items(list, path).forEach(item -> address(item.value().asText(""), item.path(), warnings));
    }

    private static void address(String text, String path, Warnings warnings) {
        spelling(Netip.addressProblem(text), "IP address", "IPv6 address", text, path, warnings);
    }

    private static void range(String text, String path, Warnings warnings) {
        spelling(Netip.prefixProblem(text), "IP prefix", "IPv6 prefix", text, path, warnings);
    }

    private static void spelling(
            Optional<String> problem, String what, String what6, String text, String path, Warnings warnings) {
        if (problem.isPresent()) {
            warnings.add(
                    path, what + " was accepted, but will be invalid in a future Kubernetes release: " + problem.get());
            return;
        }
        // Two spellings of one IPv6 address make controllers write in turns.
        Addresses.canonicalIpv6(text)
                .filter(canonical -> !canonical.equals(text))
                .ifPresent(canonical -> warnings.add(
                        path,
                        "%s \"%s\" is not in RFC 5952 canonical format (\"%s\"), which may cause controller apply-loops"
                                .formatted(what6, text, canonical)));
    }
}
