package dev.keelson.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.Warnings;
import dev.keelson.apiserver.registry.warnings.ObjectWarnings;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Kubernetes' {@code warnings.go} files say about objects that are valid. */
class WarningsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            nodeSelector: {beta.kubernetes.io/os: linux} | spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead
            affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: node-role.kubernetes.io/master, operator: Exists}]}]}}} | spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].key: node-role.kubernetes.io/master is use "node-role.kubernetes.io/control-plane" instead
            affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, preference: {matchExpressions: [{key: beta.kubernetes.io/arch, operator: Exists}]}}]}} | spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].preference.matchExpressions[0].key: beta.kubernetes.io/arch is deprecated since v1.14; use "kubernetes.io/arch" instead
            topologySpreadConstraints: [{maxSkew: 1, topologyKey: failure-domain.beta.kubernetes.io/zone, whenUnsatisfiable: ScheduleAnyway, labelSelector: {}}] | spec.topologySpreadConstraints[0].topologyKey: failure-domain.beta.kubernetes.io/zone is deprecated since v1.17; use "topology.kubernetes.io/zone" instead
            topologySpreadConstraints: [{maxSkew: 1, topologyKey: a, whenUnsatisfiable: ScheduleAnyway}] | spec.topologySpreadConstraints[0].labelSelector: a null labelSelector results in matching no pod
            affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: a}]}} | spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].labelSelector: a null labelSelector results in matching no pod
            affinity: {podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, podAffinityTerm: {topologyKey: a}}]}} | spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm.labelSelector: a null labelSelector results in matching no pod
            volumes: [{name: v, gitRepo: {repository: r}}] | spec.volumes[0].gitRepo: deprecated in v1.11
            volumes: [{name: v, rbd: {image: i, monitors: [m]}}] | spec.volumes[0].rbd: deprecated in v1.28, non-functional in v1.31+
            volumes: [{name: v, ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1.5}}}}}}] | spec.volumes[0].ephemeral.volumeClaimTemplate.spec.resources.requests[storage]: fractional byte value "1500m" is invalid, must be an integer
            volumes: [{name: v, projected: {sources: [{serviceAccountToken: {path: t}}]}}, {name: w, projected: {sources: [{secret: {name: s, items: [{key: k, path: t}]}}]}}] | spec.volumes[1].projected.sources.secrets[0]: has duplicated path with ServiceAccountToken "t"
            hostAliases: [{ip: 1.1.1.1}, {ip: 1.1.1.1}] | spec.hostAliases[1].ip: duplicate ip "1.1.1.1"
            imagePullSecrets: [{name: a}, {name: a}] | spec.imagePullSecrets[1].name: duplicate name "a"
            imagePullSecrets: [{}] | spec.imagePullSecrets[0].name: invalid empty name ""
            overhead: {memory: 100m} | spec.overhead[memory]: fractional byte value "100m" is invalid, must be an integer
            terminationGracePeriodSeconds: -3 | spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1
            """)
    void podsAsAWhole(String spec, String warning) {
        ObjectNode pod = pod("{" + spec + ", containers: [{name: c, image: i}]}", "{}");
        assertThat(given("pods", pod)).containsExactly(warning);
        assertThat(KindRows.problems("pods", pod)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            env: [{name: X, value: a}, {name: X, value: b}] | env[1]: hides previous definition of "X", which may be dropped when using apply
            env: [{name: X, value: a}, {name: X, value: $(X)}] | env[1]: hides previous definition of "X", which may be dropped when using apply
            env: [{name: X, value: a}, {name: X, valueFrom: {fieldRef: {fieldPath: metadata.name}}}] | env[1]: hides previous definition of "X", which may be dropped when using apply
            env: [{name: X, value: a}, {name: X, value: $(X)b}] |
            ports: [{containerPort: 80}, {containerPort: 80}] | ports[1]: duplicate port definition with spec.containers[0].ports[0]
            ports: [{containerPort: 80}, {containerPort: 80, protocol: UDP}] |
            ports: [{containerPort: 80, hostPort: 8080}, {containerPort: 80}] | ports[1]: overlapping port definition with spec.containers[0].ports[0]
            ports: [{containerPort: 80, hostPort: 8080}, {containerPort: 80, hostPort: 8080, hostIP: 10.0.0.1}] | ports[1]: dangerously ambiguous port definition with spec.containers[0].ports[0]
            ports: [{name: p, containerPort: 80, protocol: UDP, hostIP: 10.0.0.1}] | ports[0]: hostIP set without hostPort: {Name:p HostPort:0 ContainerPort:80 Protocol:UDP HostIP:10.0.0.1}
            resources: {limits: {memory: 0.5}, requests: {memory: 0}} | resources.limits[memory]: fractional byte value "500m" is invalid, must be an integer
            resources: {requests: {ephemeral-storage: 1500m}} | resources.requests[ephemeral-storage]: fractional byte value "1500m" is invalid, must be an integer
            resources: {requests: {cpu: 100m, memory: 1.5Gi}} |
            """)
    void containers(String container, String warning) {
        List<String> wanted = warning == null ? List.of() : List.of("spec.containers[0]." + warning);
        assertThat(given("pods", pod("{containers: [{name: c, image: i, " + container + "}]}", "{}")))
                .isEqualTo(wanted);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            scheduler.alpha.kubernetes.io/critical-pod | x | non-functional in v1.16+; use the "priorityClassName" field instead
            security.alpha.kubernetes.io/sysctls | x | non-functional in v1.11+; use the "sysctls" field instead
            seccomp.security.alpha.kubernetes.io/pod | x | non-functional in v1.27+; use the "seccompProfile" field instead
            container.seccomp.security.alpha.kubernetes.io/c | x | non-functional in v1.27+; use the "seccompProfile" field instead
            """)
    void annotationsOfPods(String key, String value, String words) {
        ObjectNode pod = pod("{containers: [{name: c, image: i}]}", "{'" + key + "': '" + value + "'}");
        assertThat(given("pods", pod)).containsExactly("metadata.annotations[" + key + "]: " + words);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            pods                    | /metadata/name | a.b | metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]
            deployments.apps        | /metadata/name | a.b | metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]
            deployments.apps        | /spec/template/spec/nodeSelector | {beta.kubernetes.io/os: l} | spec.template.spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead
            deployments.apps        | /spec/template/metadata/annotations | {seccomp.security.alpha.kubernetes.io/pod: x} | spec.template.metadata.annotations[seccomp.security.alpha.kubernetes.io/pod]: non-functional in v1.27+; use the "seccompProfile" field instead
            daemonsets.apps         | /spec/template/spec/imagePullSecrets | [{}] | spec.template.spec.imagePullSecrets[0].name: invalid empty name ""
            replicasets.apps        | /spec/template/spec/imagePullSecrets | [{}] | spec.template.spec.imagePullSecrets[0].name: invalid empty name ""
            statefulsets.apps       | /spec/template/spec/imagePullSecrets | [{}] | spec.template.spec.imagePullSecrets[0].name: invalid empty name ""
            statefulsets.apps       | /spec/volumeClaimTemplates/0/spec/resources/limits | {storage: 0.5} | spec.volumeClaimTemplates[0].resources.limits[storage]: fractional byte value "500m" is invalid, must be an integer
            statefulsets.apps       | /spec/revisionHistoryLimit | -1 | spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended
            jobs.batch              | /spec/template/spec/imagePullSecrets | [{}] | spec.template.spec.imagePullSecrets[0].name: invalid empty name ""
            cronjobs.batch          | /spec/jobTemplate/spec/template/spec/imagePullSecrets | [{}] | spec.jobTemplate.spec.template.spec.imagePullSecrets[0].name: invalid empty name ""
            replicationcontrollers  | /spec/template/spec/imagePullSecrets | [{}] | template.spec.imagePullSecrets[0].name: invalid empty name ""
            podtemplates            | /template/spec/imagePullSecrets | [{}] | template.spec.imagePullSecrets[0].name: invalid empty name ""
            services                | /metadata/annotations | {service.kubernetes.io/topology-aware-hints: auto} | annotation service.kubernetes.io/topology-aware-hints is deprecated, please use service.kubernetes.io/topology-mode instead
            services                | /spec/externalName | a.b | spec.externalName is ignored when spec.type is not "ExternalName"
            services                | /spec/externalIPs | ['2001:db8:0:0::1'] | spec.externalIPs[0]: IPv6 address "2001:db8:0:0::1" is not in RFC 5952 canonical format ("2001:db8::1"), which may cause controller apply-loops
            services                | /spec/externalIPs | ['192.012.2.2'] | spec.externalIPs[0]: IP address was accepted, but will be invalid in a future Kubernetes release: ParseAddr("192.012.2.2"): IPv4 field has octet with leading zero
            services                | /spec/clusterIPs | [10.96.0.05] | spec.clusterIPs[0]: IP address was accepted, but will be invalid in a future Kubernetes release: ParseAddr("10.96.0.05"): IPv4 field has octet with leading zero
            services                | /spec/loadBalancerIP | nonsense | spec.loadBalancerIP: IP address was accepted, but will be invalid in a future Kubernetes release: ParseAddr("nonsense"): unable to parse IP
            services                | /spec/loadBalancerSourceRanges | [10.012.2.0/24] | spec.loadBalancerSourceRanges[0]: IP prefix was accepted, but will be invalid in a future Kubernetes release: netip.ParsePrefix("10.012.2.0/24"): ParseAddr("10.012.2.0"): IPv4 field has octet with leading zero
            services                | /spec/loadBalancerSourceRanges | ['2001:db8:1:0::/64'] | spec.loadBalancerSourceRanges[0]: IPv6 prefix "2001:db8:1:0::/64" is not in RFC 5952 canonical format ("2001:db8:1::/64"), which may cause controller apply-loops
            persistentvolumes       | /spec/persistentVolumeReclaimPolicy | Recycle | spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.
            persistentvolumes       | /metadata/annotations | {volume.beta.kubernetes.io/mount-options: ro} | metadata.annotations[volume.beta.kubernetes.io/mount-options]: deprecated since v1.31; use "mountOptions" attribute instead
            persistentvolumes       | /spec/cephfs | {} | spec.cephfs: deprecated in v1.28, non-functional in v1.31+
            persistentvolumeclaims  | /metadata/annotations | {volume.beta.kubernetes.io/storage-class: fast} | metadata.annotations[volume.beta.kubernetes.io/storage-class]: deprecated since v1.8; use "storageClassName" attribute instead
            persistentvolumeclaims  | /spec/resources/requests | {storage: 1.5} | spec.resources.requests[storage]: fractional byte value "1500m" is invalid, must be an integer
            nodes                   | /spec/externalID | i-1 | spec.externalID: this field is deprecated, and is unused by Kubernetes
            serviceaccounts         | /metadata/annotations | {kubernetes.io/enforce-mountable-secrets: 'true'} | metadata.annotations[kubernetes.io/enforce-mountable-secrets]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets
            runtimeclasses.node.k8s.io | /scheduling/nodeSelector | {beta.kubernetes.io/os: l} | scheduling.nodeSelector: deprecated since v1.14; use "kubernetes.io/os" instead
            storageclasses.storage.k8s.io | /allowedTopologies | [{matchLabelExpressions: [{key: beta.kubernetes.io/os, values: [l]}]}] | allowedTopologies[0].matchLabelExpressions[0].key: beta.kubernetes.io/os is deprecated since v1.14; use "kubernetes.io/os" instead
            csistoragecapacities.storage.k8s.io | /nodeTopology | {matchLabels: {beta.kubernetes.io/os: l}} | nodeTopology.matchLabels.beta.kubernetes.io/os: deprecated since v1.14; use "kubernetes.io/os" instead
            """)
    void otherKinds(String kind, String pointer, String value, String warning) {
        assertThat(given(kind, KindRows.changed(kind, pointer, value))).contains(warning);
        assertThat(given(kind, KindRows.valid(kind))).doesNotContain(warning);
    }

    @Test
    void whatAHeadlessServiceIgnoresIsSaid() {
        ObjectNode service = (ObjectNode) KindRows.yaml("""
                apiVersion: v1
                kind: Service
                metadata: {name: s}
                spec: {clusterIP: None, externalIPs: [10.1.1.1], sessionAffinity: ClientIP, ports: [{port: 1}]}
                """);
        assertThat(given("services", service))
                .containsExactly(
                        "spec.externalIPs is ignored for headless services",
                        "spec.SessionAffinity is ignored for headless services");
    }

    @Test
    void anIngressIsToldOfItsAnnotationOnce() {
        ObjectNode ingress = KindRows.changed(
                "ingresses.networking.k8s.io", "/metadata/annotations", "{kubernetes.io/ingress.class: nginx}");
        ingress.withObject("/spec").remove("ingressClassName");
        assertThat(given("ingresses.networking.k8s.io", ingress))
                .containsExactly("annotation \"kubernetes.io/ingress.class\" is deprecated, please use"
                        + " 'spec.ingressClassName' instead");
        assertThat(strategy("ingresses.networking.k8s.io").warnings(ingress, Optional.of(ingress)))
                .isEmpty();
    }

    @Test
    void aTemplateWithAnAppArmorAnnotationAndNoFieldIsNamed() {
        String key = "container.apparmor.security.beta.kubernetes.io/c";
        ObjectNode deployment = KindRows.changed(
                "deployments.apps", "/spec/template/metadata/annotations", "{" + key + ": unconfined}");
        JsonNode containers =
                KindRows.yaml("[{name: c, image: i, securityContext: {appArmorProfile: {type: Unconfined}}}]");
        deployment.withObject("/spec/template/spec").set("containers", containers);
        assertThat(given("deployments.apps", deployment)).isEmpty();
        deployment.withObject("/spec/template/spec/containers/0").remove("securityContext");
        assertThat(given("deployments.apps", deployment))
                .containsExactly("spec.template.metadata.annotations[" + key
                        + "]: deprecated since v1.30; use the \"appArmorProfile\" field instead");
    }

    @Test
    void aSecretForTlsThatHoldsNoKeyPairIsNamed() {
        ObjectNode secret = (ObjectNode) KindRows.yaml("""
                apiVersion: v1
                kind: Secret
                metadata: {name: s}
                type: kubernetes.io/tls
                data: {tls.crt: '', tls.key: ''}
                """);
        assertThat(given("secrets", secret)).containsExactly("tls: failed to find any PEM data in certificate input");
    }

    @Test
    void aTemplateIsSpokenOfAgainOnlyWhenWhatIsWantedHasChanged() {
        ObjectNode old = KindRows.changed("deployments.apps", "/spec/template/spec/imagePullSecrets", "[{}]");
        old.withObject("/metadata").put("generation", 1);
        ObjectNode updated = old.deepCopy();
        assertThat(strategy("deployments.apps").warnings(updated, Optional.of(old)))
                .isEmpty();
        updated.withObject("/metadata").put("generation", 2);
        assertThat(strategy("deployments.apps").warnings(updated, Optional.of(old)))
                .containsExactly("spec.template.spec.imagePullSecrets[0].name: invalid empty name \"\"");
    }

    @Test
    void aPodThatChangesIsNotSpokenOf() {
        ObjectNode pod = pod("{imagePullSecrets: [{}], containers: [{name: c, image: i}]}", "{}");
        assertThat(strategy("pods").warnings(pod, Optional.of(pod))).isEmpty();
    }

    @Test
    void aCustomObjectHearsOfFinalizersThatItAdds() {
        ObjectNode old = (ObjectNode) KindRows.yaml("{metadata: {finalizers: [known]}}");
        ObjectNode updated =
                (ObjectNode) KindRows.yaml("{metadata: {finalizers: [known, b, a, orphan, example.com/f]}}");
        Warnings warnings = new Warnings();
        ObjectWarnings.finalizers(updated, Optional.of(old), warnings);
        String words = "prefer a domain-qualified finalizer name including a path (/) to avoid accidental conflicts"
                + " with other finalizer writers";
        assertThat(warnings.list())
                .containsExactly("metadata.finalizers: \"a\": " + words, "metadata.finalizers: \"b\": " + words);
    }

    private static List<String> given(String kind, ObjectNode object) {
        return strategy(kind).warnings(KindRows.created(kind, object), Optional.empty());
    }

    private static ResourceStrategy strategy(String kind) {
        return KindRows.kind(kind).strategy();
    }

    private static ObjectNode pod(String spec, String annotations) {
        return (ObjectNode) KindRows.yaml("{apiVersion: v1, kind: Pod, metadata: {name: p, annotations: %s}, spec: %s}"
                .formatted(annotations, spec));
    }
}
