package dev.keelson.apiserver.registry.certificates;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Declaration;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceDefinition.Subresource;
import dev.keelson.apiserver.registry.print.Columns;
import dev.keelson.apiserver.registry.print.HumanDuration;
import dev.keelson.apiserver.registry.rules.KindRules;
import dev.keelson.apiserver.registry.rules.Tree;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The kinds of {@code certificates.k8s.io/v1}. */
public final class CertificateKinds {
    private CertificateKinds() {}

    public static List<ResourceDefinition> list() {
        return List.of(Declaration.clusterWide(
                        "certificates.k8s.io/v1", "CertificateSigningRequest", "certificatesigningrequests")
                .shortNames("csr")
                .subresources(Subresource.STATUS, Subresource.APPROVAL)
                .columns(
                        Columns.age(),
                        Columns.text("SignerName", "Who is asked to sign.", Columns.NONE, "spec", "signerName"),
                        Columns.text("Requestor", "Who asks.", "", "spec", "username"),
                        Columns.text("RequestedDuration", "How long it shall be valid.", CertificateKinds::duration),
                        Columns.text("Condition", "Whether it was approved and issued.", CertificateKinds::condition))
                .selectable("spec.signerName")
                .with(KindRules.withStatus()
                        .named(NameRule.PATH_SEGMENT)
                        .updating((updated, old) -> Tree.carry(updated, old, "spec"))
                        .checking(SigningRequestRules::validate)
                        .writing("status", CertificateKinds::keepDecisions, SigningRequestRules::validateStatus)
                        .writing("approval", CertificateKinds::onlyConditions, SigningRequestRules::validateApproval)));
    }

    /** An approval decides; it neither changes the request nor issues a certificate. */
    private static void onlyConditions(ObjectNode updated, ObjectNode old) {
        JsonNode conditions = Tree.at(updated, "status", "conditions");
        Tree.carry(updated, old, "spec");
        Tree.carry(updated, old, "status");
        ObjectNode status = Tree.child(updated, "status");
        if (conditions.isEmpty()) {
            status.remove("conditions");
        } else {
            status.set("conditions", conditions);
        }
    }

    /** Whoever issues the certificate may leave out what others have decided, which then stays. */
    private static void keepDecisions(ObjectNode updated, ObjectNode old) {
        Set<String> given = Tree.objects(updated, "status", "conditions").stream()
                .map(condition -> Tree.text(condition, "type"))
                .collect(Collectors.toSet());
        Tree.objects(old, "status", "conditions").stream()
                .filter(condition -> List.of("Approved", "Denied").contains(Tree.text(condition, "type")))
                .filter(condition -> !given.contains(Tree.text(condition, "type")))
                .forEach(condition ->
                        Tree.child(updated, "status").withArray("/conditions").add(condition.deepCopy()));
    }

    private static String duration(ObjectNode request) {
        return Tree.number(request, "spec", "expirationSeconds")
                .map(seconds -> HumanDuration.of(Duration.ofSeconds(seconds)))
                .orElse(Columns.NONE);
    }

    private static String condition(ObjectNode request) {
        List<String> types = Tree.objects(request, "status", "conditions").stream()
                .map(condition -> Tree.text(condition, "type"))
                .toList();
        String decided = types.contains("Denied") ? "Denied" : types.contains("Approved") ? "Approved" : "Pending";
        String failed = types.contains("Failed") ? ",Failed" : "";
        return decided + failed + (Tree.has(request, "status", "certificate") ? ",Issued" : "");
    }
}
