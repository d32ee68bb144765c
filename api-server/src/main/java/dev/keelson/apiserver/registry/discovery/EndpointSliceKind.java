package dev.keelson.apiserver.registry.discovery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.print.Columns;
import dev.keelson.apiserver.registry.rules.KindRules;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;
import java.util.Set;

/** The declaration of EndpointSlices. */
final class EndpointSliceKind {
    private static final int SHOWN = 3;

    private EndpointSliceKind() {}

    static ResourceDefinition definition() {
        KindRules rules = KindRules.none()
                .counting("endpoints", "ports", "addressType", "metadata.labels")
                .defaulting(EndpointSliceKind::complete)
                .checking(EndpointSliceRules::validate)
                .checkingChange((updated, old, problems) ->
                        problems.immutable("addressType", updated.path("addressType"), old.path("addressType")));
        return new ResourceDefinition(
                "discovery.k8s.io",
                "v1",
                "EndpointSlice",
                "endpointslices",
                "endpointslice",
                List.of(),
                List.of(),
                true,
                Set.of(),
                rules,
                List.of(
                        Columns.text("AddressType", "Kind of the addresses.", slice -> Tree.text(slice, "addressType")),
                        Columns.text("Ports", "Ports of every endpoint.", EndpointSliceKind::ports),
                        Columns.text("Endpoints", "Addresses of the endpoints.", EndpointSliceKind::endpoints),
                        Columns.age()),
                Set.of());
    }

    private static void complete(ObjectNode slice) {
        for (ObjectNode port : Tree.objects(slice, "ports")) {
            Tree.setDefault(port, "name", "");
            Tree.setDefault(port, "protocol", "TCP");
        }
    }

    private static String ports(ObjectNode slice) {
        return shorten(Tree.objects(slice, "ports").stream()
                .map(port -> port.path("port").asText(port.path("name").asText("*")))
                .toList());
    }

    private static String endpoints(ObjectNode slice) {
        return shorten(Tree.objects(slice, "endpoints").stream()
                .flatMap(endpoint -> Tree.texts(endpoint, "addresses").stream())
                .toList());
    }

    private static String shorten(List<String> all) {
        String shown = Columns.first(SHOWN, ",", all);
        return shown.isEmpty() ? "<unset>" : shown;
    }
}
