package dev.keelson.controllers.certificates;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which approved requests become certificates. */
class SigningPlannerTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // signer | common name | organizations | alternative names | usages | what is wrong
                "kube-apiserver-client | jane | dev,ops | - | client auth,digital signature | -",
                "kube-apiserver-client | jane | dev | DNS:x | client auth | -",
                "kube-apiserver-client | jane | system:masters | - | client auth | system:masters",
                "kube-apiserver-client | jane | dev,system:masters | - | client auth | system:masters",
                "kube-apiserver-client | jane | dev | - | server auth | invalid usages",
                "kube-apiserver-client | jane | dev | - | client auth,cert sign | invalid usages",
                "kube-apiserver-client | jane | dev | - | digital signature | invalid usages",
                "kube-apiserver-client-kubelet | system:node:n1 | system:nodes | - | client auth,digital signature | -",
                "kube-apiserver-client-kubelet | system:node:n1 | system:nodes | DNS:n1 | client auth | subjectAltNames",
                "kube-apiserver-client-kubelet | system:node:n1 | system:nodes,x | - | client auth | organization",
                "kube-apiserver-client-kubelet | n1 | system:nodes | - | client auth | common name",
                "kubelet-serving | system:node:n1 | system:nodes | IP:#7f000001 | server auth,key encipherment | -",
                "kubelet-serving | system:node:n1 | system:nodes | - | server auth | subjectAltName is required",
                "kubelet-serving | system:node:n1 | system:nodes | DNS:n1,URI:u | server auth | emails and URIs",
                "kubelet-serving | system:node:n1 | system:nodes | DNS:n1 | client auth | invalid usages",
            })
    void signersSignWhatTheyAreFor(
            String signer, String name, String organizations, String alternatives, String usages, String wrong) {
        List<String> all = alternatives == null ? List.of() : List.of(alternatives.split(","));
        Profile profile = new Profile(
                name,
                List.of(organizations.split(",")),
                having(all, "DNS:"),
                having(all, "IP:"),
                having(all, "URI:"),
                Set.of(usages.split(",")),
                Duration.ofHours(1));
        SigningPlan plan = SigningPlanner.plan(new SigningPlanner.Request(
                "kubernetes.io/" + signer, List.of("Approved"), false, Optional.of(profile)));
        if (wrong == null) {
            assertThat(plan).isEqualTo(new SigningPlan.Sign(profile));
        } else {
            assertThat(plan).isInstanceOfSatisfying(SigningPlan.Refuse.class, refused -> assertThat(refused.message())
                    .contains(wrong));
        }
    }

    @Test
    void whatNobodyApprovedIsDoneOrConcernsOthersIsLeftAlone() {
        Optional<Profile> none = Optional.empty();
        for (SigningPlanner.Request request : List.of(
                new SigningPlanner.Request(SigningPlanner.CLIENT, List.of(), false, none),
                new SigningPlanner.Request(SigningPlanner.CLIENT, List.of("Denied"), false, none),
                new SigningPlanner.Request(SigningPlanner.CLIENT, List.of("Approved", "Failed"), false, none),
                new SigningPlanner.Request(SigningPlanner.CLIENT, List.of("Approved"), true, none),
                new SigningPlanner.Request("example.com/mine", List.of("Approved"), false, none))) {
            assertThat(SigningPlanner.plan(request)).as("%s", request).isEqualTo(new SigningPlan.Leave());
        }
        assertThat(SigningPlanner.plan(
                        new SigningPlanner.Request(SigningPlanner.CLIENT, List.of("Approved"), false, none)))
                .isInstanceOf(SigningPlan.Refuse.class);
    }

    private static List<String> having(List<String> all, String prefix) {
        return all.stream()
                .filter(one -> one.startsWith(prefix))
                .map(one -> one.substring(prefix.length()))
                .toList();
    }
}
