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
    /** Fields of elections that the server decides, which are off in Kubernetes 1.32. */
    private static final List<String> UNSERVED = List.of("strategy", "preferredHolder");

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
                KindRules.none()
                        .creating(lease -> Tree.object(lease, "spec").ifPresent(spec -> spec.remove(UNSERVED)))
                        .updating(CoordinationKinds::dropUnserved)
                        .checking(CoordinationKinds::checkLease),
                List.of(
                        Columns.text(
                                "Holder", "Who holds the lease.", lease -> Tree.text(lease, "spec", "holderIdentity")),
                        Columns.age()),
                Set.of()));
    }

    private static void dropUnserved(ObjectNode updated, ObjectNode old) {
        List<String> unused = UNSERVED.stream()
                .filter(field -> !old.path("spec").hasNonNull(field))
                .toList();
        Tree.object(updated, "spec").ifPresent(spec -> spec.remove(unused));
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
