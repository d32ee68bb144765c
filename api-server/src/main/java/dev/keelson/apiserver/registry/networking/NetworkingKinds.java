package dev.keelson.apiserver.registry.networking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Declaration;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceDefinition.Subresource;
import dev.keelson.apiserver.registry.print.Columns;
import dev.keelson.apiserver.registry.print.Selectors;
import dev.keelson.apiserver.registry.rules.KindRules;
import dev.keelson.apiserver.registry.rules.StatusRules;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.registry.warnings.ObjectWarnings;
import java.util.ArrayList;
import java.util.List;

/** The kinds of {@code networking.k8s.io/v1}. */
public final class NetworkingKinds {
    private static final String API_VERSION = "networking.k8s.io/v1";
    private static final int SHOWN_HOSTS = 3;

    private NetworkingKinds() {}

    public static List<ResourceDefinition> list() {
        return List.of(ingress(), ingressClass(), networkPolicy());
    }

    private static ResourceDefinition ingress() {
        return Declaration.namespaced(API_VERSION, "Ingress", "ingresses")
                .shortNames("ing")
                .subresources(Subresource.STATUS)
                .columns(
                        Columns.text("Class", "Which controller serves it.", Columns.NONE, "spec", "ingressClassName"),
                        Columns.text("Hosts", "Hosts whose requests it takes.", NetworkingKinds::hosts),
                        Columns.text(
                                "Address",
                                "Where it is reached.",
                                ingress -> String.join(",", Columns.balancers(ingress))),
                        Columns.text(
                                "Ports",
                                "Ports on which it is reached.",
                                ingress -> Tree.at(ingress, "spec", "tls").isEmpty() ? "80" : "80, 443"),
                        Columns.age())
                .with(KindRules.withStatus()
                        .counting("spec")
                        .creating(ingress -> Tree.child(ingress, "status").putObject("loadBalancer"))
                        .checking(IngressRules::validate)
                        .checkingNew(IngressRules::validateNew)
                        .checkingChange(IngressRules::validateChange)
                        .checkingStatus((updated, old, problems) -> Tree.items(
                                        Tree.at(updated, "status", "loadBalancer", "ingress"),
                                        "status.loadBalancer.ingress")
                                .forEach(item -> StatusRules.balancer(item, problems)))
                        .advising(ObjectWarnings::ingress));
    }

    private static String hosts(ObjectNode ingress) {
        List<String> shown = new ArrayList<>();
        List<ObjectNode> rules = Tree.objects(ingress, "spec", "rules");
        boolean more = false;
        for (ObjectNode rule : rules) {
            more = more || shown.size() == SHOWN_HOSTS;
            if (!more && Tree.has(rule, "host")) {
                shown.add(Tree.text(rule, "host"));
            }
        }
        if (shown.isEmpty()) {
            return "*";
        }
        // Rules without a host are counted too, as in Kubernetes.
        return String.join(",", shown) + (more ? " + %d more...".formatted(rules.size() - SHOWN_HOSTS) : "");
    }

    private static ResourceDefinition ingressClass() {
        return Declaration.clusterWide(API_VERSION, "IngressClass", "ingressclasses")
                .columns(
                        Columns.text("Controller", "Who serves ingresses of it.", "", "spec", "controller"),
                        Columns.text("Parameters", "Its configuration.", NetworkingKinds::parameters),
                        Columns.age())
                .with(KindRules.none()
                        .counting("spec")
                        .defaulting(ingressClass -> Tree.object(ingressClass, "spec", "parameters")
                                .ifPresent(parameters -> Tree.setDefault(parameters, "scope", "Cluster")))
                        .checking(IngressClassRules::validate)
                        .checkingChange((updated, old, problems) -> problems.immutable(
                                "spec.controller",
                                Tree.at(updated, "spec", "controller"),
                                Tree.at(old, "spec", "controller"))));
    }

    private static String parameters(ObjectNode ingressClass) {
        JsonNode parameters = Tree.at(ingressClass, "spec", "parameters");
        if (!parameters.isObject()) {
            return Columns.NONE;
        }
        String group = Tree.text(parameters, "apiGroup");
        return Tree.text(parameters, "kind") + (group.isEmpty() ? "" : "." + group) + "/"
                + Tree.text(parameters, "name");
    }

    private static ResourceDefinition networkPolicy() {
        return Declaration.namespaced(API_VERSION, "NetworkPolicy", "networkpolicies")
                .shortNames("netpol")
                .columns(
                        Columns.text(
                                "Pod-Selector",
                                "Pods it is about.",
                                policy -> Selectors.format(Tree.at(policy, "spec", "podSelector"))),
                        Columns.age())
                .with(KindRules.none()
                        .counting("spec")
                        .defaulting(NetworkingKinds::completePolicy)
                        .checking(NetworkPolicyRules::validate));
    }

    private static void completePolicy(ObjectNode policy) {
        ObjectNode spec = Tree.child(policy, "spec");
        for (String direction : List.of("ingress", "egress")) {
            for (ObjectNode rule : Tree.objects(spec, direction)) {
                Tree.objects(rule, "ports").forEach(port -> Tree.setDefault(port, "protocol", "TCP"));
            }
        }
        if (spec.path("policyTypes").isEmpty()) {
            ArrayNode types = spec.putArray("policyTypes").add("Ingress");
            if (!spec.path("egress").isEmpty()) {
                types.add("Egress");
            }
        }
    }
}
