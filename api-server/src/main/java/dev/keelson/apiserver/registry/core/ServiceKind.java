package dev.keelson.apiserver.registry.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Column;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceDefinition.Subresource;
import dev.keelson.apiserver.registry.print.Columns;
import dev.keelson.apiserver.registry.print.Selectors;
import dev.keelson.apiserver.registry.rules.KindRules;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.registry.warnings.ServiceWarnings;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The declaration of Services. */
final class ServiceKind {
    private ServiceKind() {}

    static ResourceDefinition definition() {
        KindRules rules = KindRules.withStatus()
                .named(NameRule.DNS_1035_LABEL)
                .defaulting(ServiceDefaults::apply)
                .creating(service -> Tree.child(service, "status").putObject("loadBalancer"))
                .updating(ServiceDefaults::keepAllocated)
                .updating(ServiceTypeChange::drop)
                .checking(ServiceRules::validate)
                .checkingChange(ServiceRules::validateChange)
                .writing("status", (updated, old) -> ServiceStatusRules.complete(updated), ServiceStatusRules::validate)
                .advising(ServiceWarnings::service);
        return new ResourceDefinition(
                "",
                "v1",
                "Service",
                "services",
                "service",
                List.of("svc"),
                List.of("all"),
                true,
                Set.of(Subresource.STATUS, Subresource.PROXY),
                rules,
                columns(),
                Set.of("spec.clusterIP", "spec.type"));
    }

    private static List<Column> columns() {
        return List.of(
                Columns.text("Type", "How the service is reached.", service -> Tree.text(service, "spec", "type")),
                Columns.text("Cluster-IP", "Address inside the cluster.", ServiceKind::clusterIp),
                Columns.text("External-IP", "Address outside the cluster.", ServiceKind::externalIp),
                Columns.text("Port(s)", "Ports, with the node's port after a colon.", ServiceKind::ports),
                Columns.age(),
                Columns.wide(
                        "Selector",
                        "Labels of the pods that serve it.",
                        service -> Selectors.formatMap(Tree.at(service, "spec", "selector"))));
    }

    private static String clusterIp(ObjectNode service) {
        List<String> all = Tree.texts(service, "spec", "clusterIPs");
        String address = all.isEmpty() ? Tree.text(service, "spec", "clusterIP") : all.getFirst();
        return Columns.orNone(address);
    }

    private static String externalIp(ObjectNode service) {
        List<String> external = Tree.texts(service, "spec", "externalIPs");
        return switch (Tree.text(service, "spec", "type")) {
            case "ExternalName" -> Columns.orNone(Tree.text(service, "spec", "externalName"));
            case "LoadBalancer" -> {
                List<String> shown = Stream.concat(Columns.balancers(service).stream(), external.stream())
                        .toList();
                yield shown.isEmpty() ? "<pending>" : Columns.join(shown);
            }
            default -> Columns.join(external);
        };
    }

    private static String ports(ObjectNode service) {
        return Columns.join(Tree.objects(service, "spec", "ports").stream()
                .map(port -> {
                    long nodePort = Tree.number(port, "nodePort").orElse(0L);
                    String number = port.path("port").asText() + (nodePort > 0 ? ":" + nodePort : "");
                    return number + "/" + Tree.text(port, "protocol");
                })
                .toList());
    }
}
