package dev.keelson.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which kinds' strategies in Kubernetes 1.32 set {@code metadata.generation}, and when they raise it. */
class GenerationsTest {

    @Test
    void onlyKindsWhoseStrategyCountsThemHaveGenerations() {
        assertThat(BuiltinKinds.list().stream()
                        .filter(kind -> kind.strategy().hasGenerations())
                        .map(KindRows::nameOf))
                .containsExactlyInAnyOrder(
                        "replicationcontrollers",
                        "podtemplates",
                        "deployments.apps",
                        "daemonsets.apps",
                        "replicasets.apps",
                        "statefulsets.apps",
                        "jobs.batch",
                        "cronjobs.batch",
                        "poddisruptionbudgets.policy",
                        "ingresses.networking.k8s.io",
                        "ingressclasses.networking.k8s.io",
                        "networkpolicies.networking.k8s.io",
                        "endpointslices.discovery.k8s.io",
                        "priorityclasses.scheduling.k8s.io",
                        "flowschemas.flowcontrol.apiserver.k8s.io",
                        "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io",
                        "mutatingwebhookconfigurations.admissionregistration.k8s.io",
                        "validatingwebhookconfigurations.admissionregistration.k8s.io",
                        "validatingadmissionpolicies.admissionregistration.k8s.io",
                        "validatingadmissionpolicybindings.admissionregistration.k8s.io",
                        "customresourcedefinitions.apiextensions.k8s.io");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            deployments.apps | /spec/replicas | 9 | true
            deployments.apps | /spec/replicas | 9.0 | true
            deployments.apps | /metadata/annotations | {a: b} | true
            deployments.apps | /metadata/annotations | {} | false
            deployments.apps | /metadata/labels | {a: b} | false
            replicasets.apps | /metadata/annotations | {a: b} | false
            endpointslices.discovery.k8s.io | /metadata/labels | {a: b} | true
            endpointslices.discovery.k8s.io | /metadata/annotations | {a: b} | false
            endpointslices.discovery.k8s.io | /ports | [] | true
            podtemplates | /template/metadata/labels | {a: b} | true
            pods | /spec/containers/0/image | other | false
            horizontalpodautoscalers.v1.autoscaling | /spec/maxReplicas | 9 | false
            """)
    void whatCounts(String kind, String pointer, String value, boolean raised) {
        ObjectNode old = KindRows.valid(kind);
        old.withObject("/metadata").remove("annotations");
        ObjectNode updated = KindRows.changed(kind, pointer, value);
        if (!pointer.contains("annotations")) {
            updated.withObject("/metadata").remove("annotations");
        }
        assertThat(KindRows.kind(kind).strategy().raisesGeneration(updated, old))
                .isEqualTo(raised);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /spec/requiresRepublish | true | 8
            /spec/tokenRequests | [{audience: a}] | 8
            /spec/seLinuxMount | true | 8
            /spec/podInfoOnMount | true | 7
            /metadata/labels | {a: b} | 7
            """)
    void aDriverCountsFromWhatItsCreatorSaid(String pointer, String value, long generation) {
        String drivers = "csidrivers.storage.k8s.io";
        ObjectNode old = KindRows.created(drivers);
        for (String field : List.of("requiresRepublish", "seLinuxMount", "podInfoOnMount")) {
            old.withObject("/spec").put(field, false);
        }
        old.withObject("/spec").remove("tokenRequests");
        old.withObject("/metadata").put("generation", 7);
        ObjectNode updated = old.deepCopy();
        KindRows.set(updated, pointer, value);
        KindRows.kind(drivers).strategy().prepareForUpdate(updated, old);
        assertThat(updated.at("/metadata/generation").asLong()).isEqualTo(generation);
    }
}
