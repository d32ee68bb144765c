package dev.keelson.apiserver.auth.rbac;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.auth.PolicyRule;
import dev.keelson.apiserver.auth.rbac.BootstrapPolicy.BootstrapBinding;
import dev.keelson.apiserver.auth.rbac.BootstrapPolicy.BootstrapRole;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BootstrapPolicyTest {
    private static final BootstrapPolicy POLICY = BootstrapPolicy.load();

    @Test
    void rolesAreThoseOfKubernetesAndItsMetricsServer() {
        assertThat(POLICY.roles().stream()
                        .filter(role -> role.namespace().isEmpty())
                        .map(BootstrapRole::name)
                        .filter(name -> !name.startsWith("system:controller:") && !name.startsWith("keelson:")))
                .containsExactlyInAnyOrder(
                        "admin",
                        "cluster-admin",
                        "edit",
                        "system:aggregate-to-admin",
                        "system:aggregate-to-edit",
                        "system:aggregate-to-view",
                        "system:aggregated-metrics-reader",
                        "system:auth-delegator",
                        "system:basic-user",
                        "system:certificates.k8s.io:certificatesigningrequests:nodeclient",
                        "system:certificates.k8s.io:certificatesigningrequests:selfnodeclient",
                        "system:certificates.k8s.io:kube-apiserver-client-approver",
                        "system:certificates.k8s.io:kube-apiserver-client-kubelet-approver",
                        "system:certificates.k8s.io:kubelet-serving-approver",
                        "system:certificates.k8s.io:legacy-unknown-approver",
                        "system:discovery",
                        "system:heapster",
                        "system:kube-aggregator",
                        "system:kube-controller-manager",
                        "system:kube-dns",
                        "system:kube-scheduler",
                        "system:kubelet-api-admin",
                        "system:monitoring",
                        "system:node",
                        "system:node-bootstrapper",
                        "system:node-problem-detector",
                        "system:node-proxier",
                        "system:persistent-volume-provisioner",
                        "system:public-info-viewer",
                        "system:service-account-issuer-discovery",
                        "system:volume-scheduler",
                        "view");
    }

    @Test
    void everyRuleIsCompleteAndEveryBindingHasItsRole() {
        assertThat(POLICY.roles()).allSatisfy(role -> assertThat(role.rules()).allSatisfy(rule -> {
            assertThat(rule.verbs()).isNotEmpty().doesNotHaveDuplicates();
            assertThat(rule.nonResourceUrls().isEmpty())
                    .isEqualTo(!rule.resources().isEmpty());
            assertThat(rule.resources().isEmpty()).isEqualTo(rule.apiGroups().isEmpty());
        }));
        assertThat(POLICY.bindings()).allSatisfy(binding -> assertThat(POLICY.roles())
                .anyMatch(role ->
                        role.name().equals(binding.role()) && role.namespace().equals(binding.namespace())));
        assertThat(POLICY.roles().stream().map(role -> role.namespace() + "/" + role.name()))
                .doesNotHaveDuplicates();
    }

    @Test
    void anonymousIsBoundToPublicInformationOnly() {
        assertThat(POLICY.bindings().stream()
                        .filter(binding -> binding.subjects().contains("Group:system:unauthenticated"))
                        .map(BootstrapBinding::role))
                .containsExactly("system:public-info-viewer");
    }

    @Test
    void missingRulesAreAddedAndOthersKept() {
        ObjectNode wanted = BootstrapPlanner.role(role("get list ; core ; pods"));
        ObjectNode stored = BootstrapPlanner.role(role("get ; core ; pods", "get ; core ; secrets"));
        assertThat(BootstrapPlanner.reconciledRole(stored, wanted)).hasValueSatisfying(result -> assertThat(
                        PolicyRule.listOf(result.path("rules")).stream().map(PolicyRule::shown))
                .containsExactly(
                        "{APIGroups:[\"\"], Resources:[\"pods\"], Verbs:[\"get\"]}",
                        "{APIGroups:[\"\"], Resources:[\"secrets\"], Verbs:[\"get\"]}",
                        "{APIGroups:[\"\"], Resources:[\"pods\"], Verbs:[\"list\"]}"));
        assertThat(BootstrapPlanner.reconciledRole(wanted, wanted)).isEmpty();
        ObjectNode own = stored.deepCopy();
        own.withObject("/metadata/annotations").put("rbac.authorization.kubernetes.io/autoupdate", "false");
        assertThat(BootstrapPlanner.reconciledRole(own, wanted)).isEmpty();
    }

    @Test
    void missingSubjectsAreAddedAndOthersKept() {
        ObjectNode wanted =
                BootstrapPlanner.binding(new BootstrapBinding("", "r", List.of("User:a", "ServiceAccount:n/s")));
        ObjectNode stored = BootstrapPlanner.binding(new BootstrapBinding("", "r", List.of("Group:g", "User:a")));
        assertThat(BootstrapPlanner.reconciledBinding(stored, wanted))
                .hasValueSatisfying(result -> assertThat(result.path("subjects").findValuesAsText("name"))
                        .containsExactly("g", "a", "s"));
        assertThat(BootstrapPlanner.reconciledBinding(wanted, wanted)).isEmpty();
    }

    @Test
    void aggregatedRolesGatherWhatCarriesTheirLabel() {
        List<ObjectNode> all = POLICY.roles().stream()
                .filter(role -> role.namespace().isEmpty())
                .map(BootstrapPlanner::role)
                .toList();
        ObjectNode view = all.stream()
                .filter(role -> role.path("metadata").path("name").asText().equals("view"))
                .findFirst()
                .orElseThrow();
        List<PolicyRule> rules = PolicyRule.listOf(AggregationPlanner.rules(view, all));
        assertThat(RuleCoverage.missing(rules, POLICY.rulesOf("system:aggregate-to-view")))
                .isEmpty();
        assertThat(RuleCoverage.missing(rules, RbacIndexTest.rules("get ; core ; secrets")))
                .isNotEmpty();
        assertThat(Stream.of("admin", "edit", "view")).allSatisfy(name -> assertThat(POLICY.roles())
                .anyMatch(role -> role.name().equals(name) && role.aggregates().isPresent()));
    }

    private static BootstrapRole role(String... rules) {
        return new BootstrapRole("", "x", RbacIndexTest.rules(rules), Optional.empty(), Optional.empty());
    }
}
