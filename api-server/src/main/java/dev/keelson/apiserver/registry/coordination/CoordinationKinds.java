package dev.keelson.apiserver.registry.coordination;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.print.Columns;
import dev.keelson.apiserver.registry.rules.KindRules;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;
import java.util.Set;

/** The kinds of {@code coordination.k8s.io/v1}. */
public final class CoordinationKinds {
    private CoordinationKinds() {}

    public static List<ResourceDefinition> list() {
        return List.of(new ResourceDefinition(
                "coordination.k8s.io",
                "v1",
                "Lease",
                "leases",
                "lease",
                List.of(),
                List.of(),
                true,
                Set.of(),
                KindRules.none().checking(CoordinationKinds::checkLease),
                List.of(
                        Columns.text(
                                "Holder", "Who holds the lease.", lease -> Tree.text(lease, "spec", "holderIdentity")),
                        Columns.age()),
                Set.of()));
    }

    private static void checkLease(ObjectNode lease, Problems problems) {
        JsonNode spec = lease.path("spec");
        problems.positive("spec.leaseDurationSeconds", spec.path("leaseDurationSeconds"));
        problems.notNegative("spec.leaseTransitions", spec.path("leaseTransitions"));
        if (spec.path("holderIdentity").isTextual()
                && Tree.text(spec, "holderIdentity").isEmpty()) {
            problems.invalid("spec.holderIdentity", "", "must not be empty");
        }
    }
}
