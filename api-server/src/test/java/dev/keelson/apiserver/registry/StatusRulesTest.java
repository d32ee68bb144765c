package dev.keelson.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What statuses may say that are written alone, in the words of Kubernetes 1.32. */
class StatusRulesTest {
    private static final String CONDITION =
            "type: A, status: 'True', reason: R, lastTransitionTime: '2026-01-01T00:00:00Z'";

    private static void expect(String kind, String spec, String before, String after, String problem) {
        List<String> problems = KindRows.statusProblems(kind, spec, before, after);
        if (problem == null) {
            assertThat(problems).isEmpty();
        } else {
            assertThat(problems).singleElement().asString().startsWith(problem);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            deployments.apps | {replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 1, unavailableReplicas: 1} |
            deployments.apps | {observedGeneration: -1} | status.observedGeneration: Invalid value: -1: must be greater than or equal to 0
            deployments.apps | {unavailableReplicas: -1} | status.unavailableReplicas: Invalid value: -1: must be greater than or equal to 0
            deployments.apps | {replicas: 1, updatedReplicas: 2} | status.updatedReplicas: Invalid value: 2: cannot be greater than status.replicas
            deployments.apps | {replicas: 2, readyReplicas: 1, availableReplicas: 2} | status.availableReplicas: Invalid value: 2: cannot be greater than readyReplicas
            replicasets.apps | {replicas: 1, fullyLabeledReplicas: 2} | status.fullyLabeledReplicas: Invalid value: 2: cannot be greater than status.replicas
            replicationcontrollers | {replicas: 1, readyReplicas: 2} | status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas
            statefulsets.apps | {replicas: 1, currentReplicas: 2} | status.currentReplicas: Invalid value: 2: cannot be greater than status.replicas
            statefulsets.apps | {observedGeneration: -1} | status.observedGeneration: Invalid value: -1: must be greater than or equal to 0
            daemonsets.apps | {numberUnavailable: -1} | status.numberUnavailable: Invalid value: -1: must be greater than or equal to 0
            daemonsets.apps | {numberReady: 2, desiredNumberScheduled: 1} |
            horizontalpodautoscalers.autoscaling | {desiredReplicas: -1} | status.desiredReplicas: Invalid value: -1: must be greater than or equal to 0
            horizontalpodautoscalers.v1.autoscaling | {currentReplicas: -1} | status.currentReplicas: Invalid value: -1: must be greater than or equal to 0
            poddisruptionbudgets.policy | {expectedPods: -1} | status.expectedPods: Invalid value: -1: must be greater than or equal to 0
            resourcequotas | {hard: {storage: 1}} | status.hard[storage]: Invalid value: "storage": must be a standard resource for quota
            resourcequotas | {used: {pods: 1.5}} | status.used[pods]: Invalid value: resource.Quantity{
            cronjobs.batch | {active: [{}]} |
            """)
    void countsAddUp(String kind, String status, String problem) {
        expect(kind, "{}", "{}", status, problem);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {collisionCount: 2} | {collisionCount: 2} |
            {collisionCount: 2} | {collisionCount: 1} | status.collisionCount: Invalid value: 1: cannot be decremented
            {collisionCount: 2} | {} | status.collisionCount: Invalid value: 0: cannot be decremented
            """)
    void collisionsStay(String before, String after, String problem) {
        expect("deployments.apps", "{}", before, after, problem);
        expect("daemonsets.apps", "{}", before, after, problem);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            Never | {exitCode: 0} | {running: {}} | status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state
            Never | {exitCode: 1} | {waiting: {}} | status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state
            Never | {exitCode: 1} | {terminated: {exitCode: 2}} |
            OnFailure | {exitCode: 0} | {} | status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state
            OnFailure | {exitCode: 1} | {running: {}} |
            Always | {exitCode: 0} | {running: {}} |
            """)
    void containersThatEndedStayEnded(String policy, String ended, String state, String problem) {
        expect(
                "pods",
                "{restartPolicy: " + policy + "}",
                "{containerStatuses: [{name: web, state: {terminated: " + ended + "}}]}",
                "{containerStatuses: [{name: web, state: " + state + "}]}",
                problem);
    }

    @Test
    void onlySidecarsAmongInitContainersStartAgain() {
        String before = "{initContainerStatuses: [{name: init, state: {terminated: {exitCode: 0}}},"
                + " {name: side, state: {terminated: {exitCode: 0}}}],"
                + " ephemeralContainerStatuses: [{name: tool, state: {terminated: {exitCode: 1}}}]}";
        String after = before.replaceAll("terminated: \\{[^}]*}", "running: {}");

        assertThat(KindRows.statusProblems("pods", "{restartPolicy: Never}", before, after))
                .allMatch(problem -> problem.endsWith("may not be transitioned to non-terminated state"))
                .extracting(problem -> problem.substring(0, problem.indexOf(':')))
                .containsExactly("status.initContainerStatuses[0].state", "status.ephemeralContainerStatuses[0].state");
        assertThat(KindRows.statusProblems("pods", "{restartPolicy: Always}", before, after))
                .singleElement()
                .asString()
                .startsWith("status.ephemeralContainerStatuses[0].state");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {conditions: [{type: Ready}, {type: example.com/gate}]} |
            {conditions: [{type: a b}]} | metadata.conditions[0].Type: Invalid value: "a b": name part must consist
            {nominatedNodeName: A} | status.nominatedNodeName: Invalid value: "A": a lowercase RFC 1123 subdomain
            {podIPs: [{ip: 10.0.0.1}, {ip: 'fd00::1'}]} |
            {podIPs: [{ip: 10.0.0.300}]} | status.podIPs[0]: Invalid value: "10.0.0.300": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)
            {podIPs: [{ip: 10.0.0.1}, {ip: 10.0.0.2}]} | status.podIPs: Invalid value: []core.PodIP{core.PodIP{IP:"10.0.0.1"}, core.PodIP{IP:"10.0.0.2"}}: may specify no more than one IP for each IP family
            {hostIP: 10.0.0.1, hostIPs: [{ip: 10.0.0.1}]} |
            {hostIPs: [{ip: 10.0.0.1}]} | status.hostIPs[0].ip: Invalid value: "10.0.0.1": must be equal to `hostIP`
            {resourceClaimStatuses: [{name: none}]} | status.resourceClaimStatuses[0].name: Invalid value: "none": must match the name of an entry in `spec.resourceClaims`
            """)
    void podsSayWhatMakesSense(String status, String problem) {
        expect("pods", "{}", "{}", status, problem);
    }

    @Test
    void aPodsStatusKeepsOwnersAndClassAndItsAddressIsTheFirst() {
        ObjectNode old = KindRows.created("pods");
        old.withObject("/metadata").withArray("/ownerReferences").addObject().put("name", "owner");
        ObjectNode updated = old.deepCopy();
        updated.withObject("/metadata").remove("ownerReferences");
        updated.set("status", KindRows.yaml("{podIP: 10.0.0.2, podIPs: [{ip: 10.0.0.1}]}"));

        KindRows.kind("pods").strategy().part("status").orElseThrow().prepare(updated, old);

        assertThat(updated.at("/metadata/ownerReferences/0/name").asText()).isEqualTo("owner");
        assertThat(updated.path("status"))
                .isEqualTo(KindRows.yaml("{podIP: 10.0.0.2, podIPs: [{ip: 10.0.0.2}], qosClass: Burstable}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {} | {terminating: -1} | status.terminating: Invalid value: -1: must be greater than or equal to 0
            {failed: 2} | {failed: 1} | status.failed: Invalid value: 1: cannot decrease the failed counter
            {succeeded: 2} | {} | status.succeeded: Invalid value: 0: cannot decrease the succeeded counter
            {} | {active: 1, ready: 2} | status.ready: Invalid value: 2: cannot set more ready pods than active
            {} | {uncountedTerminatedPods: {succeeded: [a], failed: [a]}} | status.uncountedTerminatedPods.failed[0]: Duplicate value: "a"
            {} | {uncountedTerminatedPods: {succeeded: ['']}} | status.uncountedTerminatedPods.succeeded[0]: Invalid value: "": must not be empty
            {} | {completedIndexes: 0-1, failedIndexes: '2'} |
            {} | {completedIndexes: 0-3} | status.completedIndexes: Invalid value: "0-3": error parsing completedIndexes: too large index: "3"
            {} | {completedIndexes: 0-1, failedIndexes: 1-2} | status.failedIndexes: Invalid value: "1-2": failedIndexes and completedIndexes overlap at index: 1
            {completedIndexes: 0-3} | {completedIndexes: 0-3} |
            {} | {completionTime: '2026-01-01T00:00:00Z'} | status.completionTime: Invalid value: 2026-01-01 00:00:00 +0000 UTC: cannot set completionTime when there is no Complete=True condition
            {startTime: '2026-01-01T00:00:00Z'} | {startTime: '2026-01-01T00:00:01Z'} | status.startTime: Required value: startTime cannot be removed for unsuspended job
            """)
    void jobsCount(String before, String after, String problem) {
        expect("jobs.batch", "{}", before, after, problem);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            SuccessCriteriaMet Complete | completionTime: '2026-01-01T01:00:00Z' |
            FailureTarget Failed | failed: 1 |
            Failed | failed: 1 | status.conditions: Invalid value: cannot set Failed=True condition without the FailureTarget=true condition
            Complete | completionTime: '2026-01-01T01:00:00Z' | status.conditions: Invalid value: cannot set Complete=True condition without the SuccessCriteriaMet=true condition
            SuccessCriteriaMet Complete | failed: 1 | status.completionTime: Required value: completionTime is required for Complete jobs
            SuccessCriteriaMet Complete | completionTime: '2025-01-01T01:00:00Z' | status.completionTime: Invalid value: 2025-01-01 01:00:00 +0000 UTC: completionTime cannot be set before startTime
            FailureTarget Failed | active: 1 | status.active: Invalid value: 1: active>0 is invalid for finished job
            FailureTarget Failed | terminating: 1 | status.terminating: Invalid value: 1: terminating>0 is invalid for finished job
            FailureTarget Failed | startTime: null | status.startTime: Required value: startTime is required for finished job
            FailureTarget Failed | uncountedTerminatedPods: {failed: [a]} | status.uncountedTerminatedPods: Invalid value: batch.UncountedTerminatedPods{Succeeded:[]types.UID(nil), Failed:[]types.UID{"a"}}: uncountedTerminatedPods needs to be empty for finished job
            SuccessCriteriaMet FailureTarget | failed: 1 | status.conditions: Invalid value: cannot set SuccessCriteriaMet=True and FailureTarget=true conditions
            """)
    void jobsEndInOrder(String conditions, String more, String problem) {
        StringBuilder status = new StringBuilder("{startTime: '2026-01-01T00:00:00Z', conditions: [");
        for (String condition : conditions.split(" ")) {
            status.append("{type: ").append(condition).append(", status: 'True'},");
        }
        String after = status.append("], ").append(more).append("}").toString();
        if (more.startsWith("startTime")) {
            after = after.replace("startTime: '2026-01-01T00:00:00Z', ", "").replace(", startTime: null", "");
        }
        String before = after.contains("startTime") ? "{startTime: '2026-01-01T00:00:00Z'}" : "{}";
        expect("jobs.batch", "{}", before, after, problem);
        if (problem == null) {
            assertThat(KindRows.statusProblems("jobs.batch", "{}", after, before))
                    .contains("status.conditions: Invalid value: cannot disable the terminal "
                            + conditions.split(" ")[1] + "=True condition");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            LoadBalancer | [{ip: 192.0.2.1}, {hostname: a.example.com}, {ip: 192.0.2.2, ipMode: Proxy}] |
            LoadBalancer | [{ip: 192.0.2}] | status.loadBalancer.ingress[0].ip: Invalid value: "192.0.2": must be a valid IP address
            LoadBalancer | [{ip: 192.0.2.1, ipMode: Some}] | status.loadBalancer.ingress[0].ipMode: Unsupported value: "Some": supported values: "Proxy", "VIP"
            LoadBalancer | [{hostname: a.b, ipMode: VIP}] | status.loadBalancer.ingress[0].ipMode: Forbidden: may not be specified when `ip` is not set
            LoadBalancer | [{hostname: 192.0.2.1}] | status.loadBalancer.ingress[0].hostname: Invalid value: "192.0.2.1": must be a DNS name, not an IP address
            ClusterIP | [{ip: 192.0.2.1}] | status.loadBalancer.ingress: Forbidden: may only be used when `spec.type` is 'LoadBalancer'
            """)
    void servicesAreReachedSomewhere(String type, String ingress, String problem) {
        expect("services", "{type: " + type + "}", "{}", "{loadBalancer: {ingress: " + ingress + "}}", problem);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ingresses.networking.k8s.io | {loadBalancer: {ingress: [{hostname: A}]}} | status.loadBalancer.ingress[0].hostname: Invalid value: "A": a lowercase RFC 1123 subdomain
            nodes | {capacity: {cpu: -1}, allocatable: {}} | status.capacity.cpu: Invalid value: -1: must be greater than or equal to 0
            nodes | {addresses: [{type: Hostname, address: a}, {type: Hostname, address: a}]} | status.addresses[1]: Duplicate value: core.NodeAddress{Type:"Hostname", Address:"a"}
            namespaces | {phase: Active} |
            namespaces | {} |
            namespaces | {phase: Terminating} | status.Phase: Invalid value: "Terminating": may only be 'Active' if `deletionTimestamp` is empty
            persistentvolumeclaims | {capacity: {storage: -1Gi}} | status.capacity[storage]: Invalid value: -1073741824: must be a valid resource quantity
            persistentvolumeclaims | {allocatedResourceStatuses: {storage: NodeResizePending}, allocatedResources: {storage: 1Gi}} |
            persistentvolumeclaims | {allocatedResourceStatuses: {storage: Slowly}} | status.allocatedResourceStatus: Unsupported value: "storage": supported values: "ControllerResizeInProgress", "ControllerResizeInfeasible"
            persistentvolumeclaims | {allocatedResources: {cpu: 1}} | status.allocatedResources: Unsupported value: "cpu": supported values: "storage"
            apiservices.apiregistration.k8s.io | {conditions: [{type: Available}]} | status.conditions[0].status: Unsupported value: "": supported values: "True", "False", "Unknown"
            flowschemas.flowcontrol.apiserver.k8s.io | {conditions: [{type: Dangling}, {type: Dangling}]} | status.conditions[1].type: Duplicate value: "Dangling"
            prioritylevelconfigurations.flowcontrol.apiserver.k8s.io | {conditions: [{}]} | status.conditions[0].type: Required value: must not be empty
            validatingadmissionpolicies.admissionregistration.k8s.io | {typeChecking: {expressionWarnings: [{fieldRef: spec}]}} | status.typeChecking.expressionWarnings[0].warning: Required value
            validatingadmissionpolicies.admissionregistration.k8s.io | {typeChecking: {expressionWarnings: [{warning: w}]}} | status.typeChecking.expressionWarnings[0].fieldRef: Required value
            """)
    void otherKindsSayWhatMakesSense(String kind, String status, String problem) {
        expect(kind, "{}", "{}", status, problem);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            type: A | type: A |
            type: A | type: a b | status.conditions[0].type: Invalid value: "a b": name part must consist
            status: 'True' | status: Maybe | status.conditions[0].status: Unsupported value: "Maybe": supported values: "False", "True", "Unknown"
            reason: R | reason: a b | status.conditions[0].reason: Invalid value: "a b": a condition reason must start with alphabetic character
            reason: R | message: '' | status.conditions[0].reason: Required value: must be set
            lastTransitionTime: '2026-01-01T00:00:00Z' | message: '' | status.conditions[0].lastTransitionTime: Required value: must be set
            type: A | type: A, observedGeneration: -1 | status.conditions[0].observedGeneration: Invalid value: -1: must be greater than or equal to zero
            """)
    void conditionsAreComplete(String part, String instead, String problem) {
        String status = "{conditions: [{" + CONDITION.replace(part, instead) + "}]}";
        expect("poddisruptionbudgets.policy", "{}", "{}", status, problem);
        expect("validatingadmissionpolicies.admissionregistration.k8s.io", "{}", "{}", status, problem);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            [{type: Approved, status: 'True'}] | [] |
            [] | [{type: Approved, status: 'True'}] | status.conditions: Forbidden: updates may not add a condition of type "Approved"
            [{type: Denied, status: 'True'}] | [{type: Denied, status: 'True', reason: r}] | status.conditions: Forbidden: updates may not modify a condition of type "Denied"
            [{type: Failed, status: 'True'}] | [] | status.conditions: Forbidden: updates may not remove a condition of type "Failed"
            [] | [{type: Failed}] | status.conditions[0].status: Required value
            [] | [{type: Failed, status: 'False'}] | status.conditions[0].status: Unsupported value: "False": supported values: "True"
            """)
    void whoIssuesCertificatesDecidesNothing(String before, String after, String problem) {
        expect(
                "certificatesigningrequests.certificates.k8s.io",
                "{}",
                "{conditions: " + before + "}",
                "{conditions: " + after + "}",
                problem);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {} | {certificate: eA==} | status.certificate: Invalid value: "<certificate data>": must contain at least one CERTIFICATE PEM block
            {certificate: eA==} | {certificate: eA==} |
            {} | {certificate: LS0tLS1CRUdJTiBLRVktLS0tLQp4Ci0tLS0tRU5EIEtFWS0tLS0tCg==} | status.certificate: Invalid value: "<certificate data>": only CERTIFICATE PEM blocks are allowed, found "KEY"
            {certificate: eA==} | {} | status.certificate: Forbidden: updates may not modify existing certificate content
            """)
    void certificatesAreIssuedOnce(String before, String after, String problem) {
        expect("certificatesigningrequests.certificates.k8s.io", "{}", before, after, problem);
    }
}
