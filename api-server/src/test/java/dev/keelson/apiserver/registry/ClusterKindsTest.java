package dev.keelson.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules of the kinds about volumes, quotas, networking, policy, scheduling, certificates and extension. */
class ClusterKindsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "persistentvolumes | /spec/capacity | {} | spec.capacity | Required value",
                "persistentvolumes | /spec/accessModes | [Sometimes] | spec.accessModes | Unsupported value: \"Sometimes\": supported values: \"ReadOnlyMany\", \"ReadWriteMany\", \"ReadWriteOnce\", \"ReadWriteOncePod\"",
                "persistentvolumes | /spec/local | - | spec | Required value: must specify a volume type",
                "persistentvolumes | /spec/hostPath | {path: /x} | spec.local | Forbidden: may not specify more than 1 volume type",
                "persistentvolumes | /spec/nodeAffinity | - | spec.nodeAffinity | Required value: Local volume requires node affinity",
                "persistentvolumes | /spec/nodeAffinity | {required: {nodeSelectorTerms: []}} | spec.nodeAffinity.required.nodeSelectorTerms | Required value: must have at least one node selector term",
                "persistentvolumes | /spec/nodeAffinity | {} | spec.nodeAffinity.required | Required value: must specify required node constraints",
                "persistentvolumes | /spec/nfs | {server: s, path: x} | spec.nfs.path | Invalid value: \"x\": must be an absolute path",
                "persistentvolumes | /spec/local/path | /a/../b | spec.local.path | Invalid value: \"/a/../b\": must not contain '..'",
                "persistentvolumeclaims | /spec/accessModes | [] | spec.accessModes | Required value: at least 1 access mode is required",
                "persistentvolumeclaims | /spec/accessModes | [ReadWriteOncePod, ReadOnlyMany] | spec.accessModes | Forbidden: may not use ReadWriteOncePod with other access modes",
                "persistentvolumeclaims | /spec/resources | {} | spec.resources[storage] | Required value",
                "persistentvolumeclaims | /spec/resources/requests/storage | 0 | spec.resources[storage] | Invalid value: 0: must be greater than zero",
                "resourcequotas | /spec/hard/cats | 1 | spec.hard[cats] | Invalid value: \"cats\": must be a standard resource for quota",
                "resourcequotas | /spec/hard/cats | 1 | spec.hard[cats] | Invalid value: \"cats\": must be a standard resource type or fully qualified",
                "resourcequotas | /spec/scopes | [Awake] | spec.scopes | Invalid value: []core.ResourceQuotaScope{\"Awake\"}: unsupported scope",
                "resourcequotas | /spec/scopes | [BestEffort] | spec.scopes | Invalid value: []core.ResourceQuotaScope{\"BestEffort\"}: unsupported scope applied to resource",
                "resourcequotas | /spec/scopeSelector | {matchExpressions: [{scopeName: Terminating, operator: In, values: [a]}]} | spec.scopeSelector.matchExpressions.operator | Invalid value: \"In\": must be 'Exist' when scope is any of",
                "resourcequotas | /spec/scopeSelector | {matchExpressions: [{scopeName: PriorityClass, operator: Like}]} | spec.scopeSelector.matchExpressions.operator | Invalid value: \"Like\": not a valid selector operator",
                "resourcequotas | /spec/hard/pods | 1.5 | spec.hard[pods] | Invalid value: resource.Quantity{i:resource.int64Amount{value:15, scale:-1}, d:resource.infDecAmount{Dec:(*inf.Dec)(nil)}, s:\"\", Format:\"DecimalSI\"}: must be an integer",
                "resourcequotas | /spec/scopes | [BestEffort, NotBestEffort] | spec.scopes | Invalid value: []core.ResourceQuotaScope{\"BestEffort\", \"NotBestEffort\"}: conflicting scopes",
                "limitranges | /spec/limits/0/min/cpu | 3 | spec.limits[0].min[cpu] | Invalid value: resource.Quantity{i:resource.int64Amount{value:3, scale:0}, d:resource.infDecAmount{Dec:(*inf.Dec)(nil)}, s:\"\", Format:\"DecimalSI\"}: min value 3 is greater than max value 2",
                "limitranges | /spec/limits/1/default | {cpu: 1} | spec.limits[1].default | Forbidden: may not be specified when `type` is 'Pod'",
                "limitranges | /spec/limits/0/maxLimitRequestRatio/cpu | 0.5 | spec.limits[0].maxLimitRequestRatio[cpu] | Invalid value: resource.Quantity{i:resource.int64Amount{value:5, scale:-1}, d:resource.infDecAmount{Dec:(*inf.Dec)(nil)}, s:\"\", Format:\"DecimalSI\"}: ratio 0.5 is less than 1",
                "limitranges | /spec/limits/0/type | Cat | spec.limits[0].type | Invalid value: \"Cat\": must be a standard limit type or fully qualified",
                "limitranges | /spec/limits/0/max/cats | 1 | spec.limits[0].max[cats] | Invalid value: \"cats\": must be a standard resource for containers",
                "limitranges | /spec/limits/0/default/cpu | 9 | spec.limits[0].default[cpu] | Invalid value: resource.Quantity{i:resource.int64Amount{value:2, scale:0}, d:resource.infDecAmount{Dec:(*inf.Dec)(nil)}, s:\"\", Format:\"DecimalSI\"}: default value 9 is greater than max value 2",
                "limitranges | /spec/limits/0/maxLimitRequestRatio/cpu | 9000 | spec.limits[0].maxLimitRequestRatio[cpu] | Invalid value: resource.Quantity{i:resource.int64Amount{value:9000, scale:0}, d:resource.infDecAmount{Dec:(*inf.Dec)(nil)}, s:\"\", Format:\"DecimalSI\"}: ratio 9000 is greater than max/min = ",
                "ingresses.networking.k8s.io | /spec | {} | spec | Invalid value: []networking.IngressRule(nil): either `defaultBackend` or `rules` must be specified",
                "ingresses.networking.k8s.io | /spec/rules/0/host | 10.0.0.1 | spec.rules[0].host | Invalid value: \"10.0.0.1\": must be a DNS name, not an IP address",
                "ingresses.networking.k8s.io | /spec/rules/0/http/paths/0/pathType | - | spec.rules[0].http.paths[0].pathType | Required value: pathType must be specified",
                "ingresses.networking.k8s.io | /spec/rules/0/http/paths/0/path | a | spec.rules[0].http.paths[0].path | Invalid value: \"a\": must be an absolute path",
                "ingresses.networking.k8s.io | /spec/rules/0/http/paths/0/path | /a//b | spec.rules[0].http.paths[0].path | Invalid value: \"/a//b\": must not contain '//'",
                "ingresses.networking.k8s.io | /spec/defaultBackend/service/port/name | http | spec.defaultBackend | Invalid value: \"\": cannot set both port name & port number",
                "ingresses.networking.k8s.io | /spec/rules/0/host | a*.example.com | spec.rules[0].host | Invalid value: \"a*.example.com\": a wildcard DNS-1123 subdomain must start with '*.'",
                "ingresses.networking.k8s.io | /spec/defaultBackend/service/port | {} | spec.defaultBackend | Required value: port name or number is required",
                "ingresses.networking.k8s.io | /spec/defaultBackend | {resource: {apiGroup: A, kind: K, name: n}} | spec.defaultBackend.resource.apiGroup | Invalid value: \"A\": a lowercase RFC 1123 subdomain",
                "ingresses.networking.k8s.io | /spec/defaultBackend | {resource: {kind: K, name: a/b}} | spec.defaultBackend.resource.name | Invalid value: \"a/b\": may not contain '/'",
                "ingressclasses.networking.k8s.io | /spec/parameters/kind | a%b | spec.parameters.kind | Invalid value: \"a%b\": may not contain '%'",
                "ingressclasses.networking.k8s.io | /spec/parameters/namespace | A | spec.parameters.namespace | Invalid value: \"A\": a lowercase RFC 1123 label",
                "ingressclasses.networking.k8s.io | /spec/controller | nginx | spec.controller | Invalid value: \"nginx\": must be a domain-prefixed path",
                "ingressclasses.networking.k8s.io | /spec/parameters/namespace | - | spec.parameters.namespace | Required value: `parameters.scope` is set to 'Namespace'",
                "networkpolicies.networking.k8s.io | /spec/ingress/0/from/0 | {} | spec.ingress[0].from[0] | Required value: must specify a peer",
                "networkpolicies.networking.k8s.io | /spec/ingress/0/from/1/ipBlock/except | [11.0.0.0/16] | spec.ingress[0].from[1].ipBlock.except[0] | Invalid value: \"11.0.0.0/16\": must be a strict subset of `cidr`",
                "networkpolicies.networking.k8s.io | /spec/ingress/0/ports/1/endPort | 7 | spec.ingress[0].ports[1].endPort | Invalid value: 7: must be greater than or equal to `port`",
                "networkpolicies.networking.k8s.io | /spec/policyTypes | [Sideways] | spec.policyTypes[0] | Unsupported value: \"Sideways\": supported values: \"Ingress\", \"Egress\"",
                "poddisruptionbudgets.policy | /spec/maxUnavailable | 1 | spec | Invalid value: ",
                "poddisruptionbudgets.policy | /spec/minAvailable | 120% | spec.minAvailable | Invalid value: intstr.IntOrString{Type:1, IntVal:0, StrVal:\"120%\"}: must not be greater than 100%",
                "priorityclasses.scheduling.k8s.io | /value | 1000000001 | value | Forbidden: maximum allowed value of a user defined priority is 1000000000",
                "priorityclasses.scheduling.k8s.io | /metadata/name | system-mine | metadata.name | Forbidden: priority class names with 'system-' prefix are reserved for system use only",
                "runtimeclasses.node.k8s.io | /handler | A/b | handler | Invalid value: \"A/b\": a lowercase RFC 1123 label",
                "runtimeclasses.node.k8s.io | /overhead/podFixed/cpu | -1 | overhead.limits[cpu] | Invalid value: -1: must be greater than or equal to 0",
                "storageclasses.storage.k8s.io | /provisioner | - | provisioner | Required value",
                "storageclasses.storage.k8s.io | /allowedTopologies | [{matchLabelExpressions: [{key: zone}]}] | allowedTopologies.matchLabelExpressions[0].values | Required value",
                "storageclasses.storage.k8s.io | /allowedTopologies | [{matchLabelExpressions: [{key: zone, values: [a, a]}]}] | allowedTopologies.matchLabelExpressions[0].values[1] | Duplicate value: \"a\"",
                "storageclasses.storage.k8s.io | /allowedTopologies | [{matchLabelExpressions: [{key: a b, values: [a]}]}] | allowedTopologies.matchLabelExpressions[0].key | Invalid value: \"a b\": name part must consist",
                "storageclasses.storage.k8s.io | /allowedTopologies | [{matchLabelExpressions: [{key: z, values: [a]}]}, {matchLabelExpressions: [{key: z, values: [a]}]}] | allowedTopologies[1].matchLabelExpressions | Duplicate value: \"\"",
                "storageclasses.storage.k8s.io | /reclaimPolicy | Recycle | reclaimPolicy | Unsupported value: \"Recycle\": supported values: \"Delete\", \"Retain\"",
                "volumeattachments.storage.k8s.io | /spec/source | {} | spec.source | Required value: must specify exactly one of inlineVolumeSpec and persistentVolumeName",
                "volumeattachments.storage.k8s.io | /spec/source/persistentVolumeName | '' | spec.source.persistentVolumeName | Required value: must specify non empty persistentVolumeName",
                "volumeattachments.storage.k8s.io | /spec/nodeName | - | spec.nodeName | Invalid value: \"\": a lowercase RFC 1123 subdomain",
                "csidrivers.storage.k8s.io | /spec/fsGroupPolicy | Some | spec.fsGroupPolicy | Unsupported value: \"Some\"",
                "csinodes.storage.k8s.io | /spec/drivers/0/name | '' | spec.drivers[0].name | Required value",
                "csinodes.storage.k8s.io | /spec/drivers/- | {name: csi.example.com, nodeID: x} | spec.drivers[1].name | Duplicate value: \"csi.example.com\"",
                "csistoragecapacities.storage.k8s.io | /capacity | -1 | capacity | Invalid value: -1: must be greater than or equal to 0",
                "certificatesigningrequests.certificates.k8s.io | /spec/request | eA== | spec.request | Invalid value: []byte{0x78}: PEM block type must be CERTIFICATE REQUEST",
                "certificatesigningrequests.certificates.k8s.io | /spec/signerName | mine | spec.signerName | Invalid value: \"mine\": must be a fully qualified domain and path",
                "certificatesigningrequests.certificates.k8s.io | /spec/signerName | a.b/C | spec.signerName | Invalid value: \"C\": validating label \"C\": a lowercase RFC 1123 subdomain",
                "certificatesigningrequests.certificates.k8s.io | /spec/signerName | a/b | spec.signerName | Invalid value: \"a\": should be a domain with at least two segments separated by dots",
                "certificatesigningrequests.certificates.k8s.io | /spec/signerName | .b/c | spec.signerName | Invalid value: \".b\": validating label \"\": a lowercase RFC 1123 label",
                "certificatesigningrequests.certificates.k8s.io | /spec/signerName | kubernetes.io/legacy-unknown | spec.signerName | Invalid value: \"kubernetes.io/legacy-unknown\": the legacy signerName is not allowed via this API version",
                "certificatesigningrequests.certificates.k8s.io | /spec/expirationSeconds | 10 | spec.expirationSeconds | Invalid value: 10: may not specify a duration less than 600 seconds",
                "certificatesigningrequests.certificates.k8s.io | /spec/usages | [dancing] | spec.usages[0] | Unsupported value: \"dancing\"",
                "mutatingwebhookconfigurations.admissionregistration.k8s.io | /webhooks/0/sideEffects | - | webhooks[0].sideEffects | Required value: must specify one of None, NoneOnDryRun",
                "mutatingwebhookconfigurations.admissionregistration.k8s.io | /webhooks/0/name | short | webhooks[0].name | Invalid value: \"short\": should be a domain with at least three segments separated by dots",
                "mutatingwebhookconfigurations.admissionregistration.k8s.io | /webhooks/0/clientConfig/url | 'https://x' | webhooks[0].clientConfig | Required value: exactly one of url or service is required",
                "validatingwebhookconfigurations.admissionregistration.k8s.io | /webhooks/0/clientConfig/url | 'http://x' | webhooks[0].clientConfig.url | Invalid value: \"http\": 'https' is the only allowed URL scheme",
                "validatingwebhookconfigurations.admissionregistration.k8s.io | /webhooks/0/timeoutSeconds | 31 | webhooks[0].timeoutSeconds | Invalid value: 31: the timeout value must be between 1 and 30 seconds",
                "validatingwebhookconfigurations.admissionregistration.k8s.io | /webhooks/0/rules/0/operations | ['*', CREATE] | webhooks[0].rules[0].operations | Invalid value: []admissionregistration.OperationType{\"*\", \"CREATE\"}: if '*' is present, must not specify other operations",
                "validatingadmissionpolicies.admissionregistration.k8s.io | /spec/matchConstraints | - | spec.matchConstraints | Required value",
                "validatingadmissionpolicies.admissionregistration.k8s.io | /spec/validations/0/expression | - | spec.validations[0].expression | Required value: expression is not specified",
                "validatingadmissionpolicybindings.admissionregistration.k8s.io | /spec/validationActions | [Deny, Warn] | spec.validationActions | Invalid value: []admissionregistration.ValidationAction{\"Deny\", \"Warn\"}: must not contain both Deny and Warn",
                "apiservices.apiregistration.k8s.io | /metadata/name | other | metadata.name | Invalid value: \"other\": must be `spec.version+\".\"+spec.group`: \"v1beta1.metrics.example.com\"",
                "apiservices.apiregistration.k8s.io | /spec/groupPriorityMinimum | 0 | spec.groupPriorityMinimum | Invalid value: 0: must be positive",
                "flowschemas.flowcontrol.apiserver.k8s.io | /spec/rules/0/subjects/0/kind | Cat | spec.rules[0].subjects[0].kind | Unsupported value: \"Cat\"",
                "flowschemas.flowcontrol.apiserver.k8s.io | /spec/matchingPrecedence | 20000 | spec.matchingPrecedence | Invalid value: 20000: must not be greater than 10000",
                "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io | /spec/limited | - | spec.limited | Required value: must not be empty when type is Limited",
                "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io | /spec/limited/limitResponse/queuing/handSize | 99 | spec.limited.limitResponse.queuing.handSize | Invalid value: 99: should not be greater than queues (16)",
            })
    void mistakesAreNamed(String kind, String pointer, String value, String field, String message) {
        KindRows.expect(KindRows.problems(kind, KindRows.changed(kind, pointer, value)), field, message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "persistentvolumes | /spec/local/path | /mnt/other | spec.persistentvolumesource | Forbidden: spec.persistentvolumesource is immutable after creation",
                "persistentvolumeclaims | /spec/resources/requests/storage | 2Gi | spec | Forbidden: spec is immutable after creation except resources.requests",
                "resourcequotas | /spec/scopes | [Terminating] | spec.scopes | Invalid value: []core.ResourceQuotaScope{\"Terminating\"}: field is immutable",
                "ingressclasses.networking.k8s.io | /spec/controller | a.b/c | spec.controller | Invalid value: \"a.b/c\": field is immutable",
                "priorityclasses.scheduling.k8s.io | /value | 7 | value | Forbidden: may not be changed in an update.",
                "runtimeclasses.node.k8s.io | /handler | other | handler | Invalid value: \"other\": field is immutable",
                "storageclasses.storage.k8s.io | /parameters | {} | parameters | Forbidden: updates to parameters are forbidden.",
                "storageclasses.storage.k8s.io | /volumeBindingMode | Immediate | volumeBindingMode | Invalid value: \"Immediate\": field is immutable",
                "volumeattachments.storage.k8s.io | /spec/nodeName | n2 | spec | Invalid value: ",
                "csinodes.storage.k8s.io | /spec/drivers/0/nodeID | n2 | spec.drivers[0] | Invalid value: ",
            })
    void changesAreRefused(String kind, String pointer, String value, String field, String message) {
        KindRows.expect(KindRows.changeProblems(kind, pointer, value), field, message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/spec/source/persistentVolumeName | A | spec.source.persistentVolumeName",
                "/spec/attacher | a_b | spec.attacher",
            })
    void aNewAttachmentIsJudgedMore(String pointer, String value, String field) {
        String kind = "volumeattachments.storage.k8s.io";
        ObjectNode attachment = KindRows.created(kind, KindRows.changed(kind, pointer, value));
        ResourceStrategy strategy = KindRows.kind(kind).strategy();
        assertThat(strategy.validate(attachment)).isEmpty();
        assertThat(strategy.validateCreate(attachment))
                .extracting(FieldError::field)
                .containsExactly(field);
    }

    @Test
    void anIngressMayKeepAWrongNameOfASecret() {
        ResourceStrategy strategy = KindRows.kind("ingresses.networking.k8s.io").strategy();
        ObjectNode sound = KindRows.created("ingresses.networking.k8s.io");
        ObjectNode wrong = sound.deepCopy();
        wrong.withObject("/spec").set("tls", KindRows.yaml("[{secretName: A}]"));
        assertThat(strategy.validateUpdate(wrong, wrong)).isEmpty();
        assertThat(strategy.validateUpdate(wrong, sound))
                .extracting(FieldError::field)
                .containsExactly("spec.tls[0].secretName");
    }

    @Test
    void aLeaseHasNoElectionThatTheServerDecides() {
        ResourceStrategy strategy = KindRows.kind("leases.coordination.k8s.io").strategy();
        ObjectNode lease =
                (ObjectNode) KindRows.yaml("{spec: {strategy: Oldest, preferredHolder: a, holderIdentity: b}}");
        ObjectNode updated = lease.deepCopy();
        strategy.prepareForCreate(lease);
        assertThat(lease).isEqualTo(KindRows.yaml("{spec: {holderIdentity: b}}"));
        strategy.prepareForUpdate(updated, lease);
        assertThat(updated).isEqualTo(lease);
    }

    @Test
    void aNewIngressNamesItsClassOnce() {
        ObjectNode ingress = KindRows.valid("ingresses.networking.k8s.io");
        ingress.withObject("/metadata/annotations").put("kubernetes.io/ingress.class", "other");
        ResourceStrategy strategy = KindRows.kind("ingresses.networking.k8s.io").strategy();
        assertThat(strategy.validate(ingress)).isEmpty();
        assertThat(strategy.validateCreate(ingress))
                .extracting(FieldError::field, FieldError::message)
                .containsExactly(tuple(
                        "annotations.kubernetes.io/ingress.class",
                        "Invalid value: \"other\": can not be set when the class field is also set"));
    }

    @Test
    void aBoundClaimMayGrowButNotShrinkBelowItsVolume() {
        ResourceStrategy strategy = KindRows.kind("persistentvolumeclaims").strategy();
        ObjectNode old = KindRows.created("persistentvolumeclaims");
        old.withObject("/spec").put("volumeName", "disk");
        old.set("status", KindRows.yaml("{phase: Bound, capacity: {storage: 1Gi}}"));
        ObjectNode updated = old.deepCopy();
        updated.withObject("/spec/resources/requests").put("storage", "2Gi");
        assertThat(strategy.validateUpdate(updated, old)).isEmpty();
        updated.withObject("/spec/resources/requests").put("storage", "512Mi");
        assertThat(strategy.validateUpdate(updated, old))
                .extracting(FieldError::message)
                .containsExactly("Forbidden: field can not be less than status.capacity");
    }

    @Test
    void anApprovalDecidesAndNothingElse() {
        ResourceStrategy strategy =
                KindRows.kind("certificatesigningrequests.certificates.k8s.io").strategy();
        ObjectNode old = KindRows.created("certificatesigningrequests.certificates.k8s.io");
        ObjectNode updated = old.deepCopy();
        updated.withObject("/spec").put("signerName", "example.com/other");
        updated.set("status", KindRows.yaml("{certificate: eA==, conditions: [{type: Approved, status: 'True'}]}"));
        PartRules approval = strategy.part("approval").orElseThrow();
        approval.prepare(updated, old);
        assertThat(updated.path("spec")).isEqualTo(old.path("spec"));
        assertThat(updated.path("status")).isEqualTo(KindRows.yaml("{conditions: [{type: Approved, status: 'True'}]}"));
        assertThat(approval.validate(updated, old)).isEmpty();
        assertThat(approval.validate(old, updated))
                .extracting(FieldError::message)
                .containsExactly("Forbidden: updates may not remove a condition of type \"Approved\"");
        assertThat(KindRows.cells("certificatesigningrequests.certificates.k8s.io", updated))
                .containsExactly("<unknown>", "kubernetes.io/kube-apiserver-client", "", "60m", "Approved");
    }

    @Test
    void ephemeralContainersComeAndStay() {
        ResourceStrategy strategy = KindRows.kind("pods").strategy();
        PartRules part = strategy.part("ephemeralcontainers").orElseThrow();
        ObjectNode old = KindRows.created("pods");
        ObjectNode updated = old.deepCopy();
        updated.withObject("/spec").put("nodeName", "elsewhere");
        updated.withObject("/spec")
                .set("ephemeralContainers", KindRows.yaml("[{name: debug, image: box, targetContainerName: web}]"));
        part.prepare(updated, old);
        assertThat(updated.at("/spec/nodeName").isMissingNode()).isTrue();
        assertThat(updated.at("/spec/ephemeralContainers/0/imagePullPolicy").asText())
                .isEqualTo("Always");
        assertThat(part.validate(updated, old)).isEmpty();
        assertThat(part.validate(old, updated))
                .extracting(FieldError::message)
                .containsExactly("Forbidden: existing ephemeral containers \"debug\" may not be removed\n");
        ((ObjectNode) updated.at("/spec/ephemeralContainers/0")).put("targetContainerName", "none");
        assertThat(part.validate(updated, old)).extracting(FieldError::message).containsExactly("Not found: \"none\"");
    }

    @Test
    void aResizeChangesCpuAndMemoryAndNothingElse() {
        PartRules part = KindRows.kind("pods").strategy().part("resize").orElseThrow();
        ObjectNode old = KindRows.created("pods");
        ObjectNode updated = old.deepCopy();
        ObjectNode container = (ObjectNode) updated.at("/spec/containers/0");
        container.put("image", "other").withObject("/resources/limits").put("cpu", "2");
        part.prepare(updated, old);
        assertThat(updated.at("/spec/containers/0/image")).isEqualTo(old.at("/spec/containers/0/image"));
        assertThat(updated.at("/spec/containers/0/resources/limits/cpu").asText())
                .isEqualTo("2");
        assertThat(part.validate(updated, old)).isEmpty();
        updated.withObject("/spec/containers/0/resources/limits").put("example.com/gpu", "1");
        assertThat(part.validate(updated, old))
                .extracting(FieldError::message)
                .containsExactly("Forbidden: only cpu and memory resources are mutable");
        ((ObjectNode) updated.at("/spec/containers/0")).putObject("resources");
        assertThat(part.validate(updated, old))
                .extracting(FieldError::message)
                .contains("Invalid value: \"Burstable\": Pod QOS Class may not change as a result of resizing");
    }

    @Test
    void aResizeMayChangeWhatThePodHasAsAWhole() {
        PartRules part = KindRows.kind("pods").strategy().part("resize").orElseThrow();
        ObjectNode old = KindRows.created("pods");
        old.withObject("/spec").set("resources", KindRows.yaml("{requests: {cpu: 2}, limits: {cpu: 4, memory: 4Gi}}"));
        ObjectNode updated = old.deepCopy();
        updated.withObject("/spec/resources/limits").put("cpu", "8");
        part.prepare(updated, old);
        assertThat(updated.at("/spec/resources/limits/cpu").asText()).isEqualTo("8");
        assertThat(updated.at("/spec/resources/requests/memory").asText()).isEqualTo("64Mi");
        assertThat(part.validate(updated, old)).isEmpty();
        updated.withObject("/spec/resources/limits").remove("cpu");
        assertThat(part.validate(updated, old))
                .extracting(FieldError::field, FieldError::message)
                .containsExactly(tuple("spec.resources.limits", "Forbidden: resource limits cannot be removed"));
        ObjectNode without = KindRows.created("pods");
        assertThat(part.validate(old, without)).extracting(FieldError::field).contains("spec.resources");
    }

    @Test
    void defaultsAreThoseOfKubernetes() {
        assertThat(KindRows.created("persistentvolumes")
                        .at("/spec/persistentVolumeReclaimPolicy")
                        .asText())
                .isEqualTo("Retain");
        assertThat(KindRows.created("persistentvolumeclaims")
                        .at("/spec/dataSourceRef/name")
                        .asText())
                .isEqualTo("other");
        assertThat(KindRows.created("limitranges").at("/spec/limits/0/defaultRequest"))
                .isEqualTo(KindRows.yaml("{memory: 512Mi, cpu: 2}"));
        assertThat(KindRows.created("networkpolicies.networking.k8s.io").at("/spec/policyTypes"))
                .isEqualTo(KindRows.yaml("[Ingress, Egress]"));
        assertThat(KindRows.created("csidrivers.storage.k8s.io")
                        .at("/spec/fsGroupPolicy")
                        .asText())
                .isEqualTo("ReadWriteOnceWithFSType");
        assertThat(KindRows.created("mutatingwebhookconfigurations.admissionregistration.k8s.io")
                        .at("/webhooks/0/reinvocationPolicy")
                        .asText())
                .isEqualTo("Never");
        assertThat(KindRows.created("prioritylevelconfigurations.flowcontrol.apiserver.k8s.io")
                        .at("/spec/limited/limitResponse/queuing/handSize")
                        .asInt())
                .isEqualTo(8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "persistentvolumes | 1Gi;RWO,ROX;Retain;Pending;shop/data;slow;<unset>;;<unknown>;Filesystem",
                "persistentvolumeclaims | Pending;;;;slow;<unset>;<unknown>;Filesystem",
                "ingresses.networking.k8s.io | nginx;*.example.com;;80, 443;<unknown>",
                "ingressclasses.networking.k8s.io | k8s.io/ingress-nginx;Params.x.io/p;<unknown>",
                "networkpolicies.networking.k8s.io | app=web;<unknown>",
                "poddisruptionbudgets.policy | 50%;N/A;0;<unknown>",
                "priorityclasses.scheduling.k8s.io | 1000000;false;<unknown>;PreemptLowerPriority",
                "runtimeclasses.node.k8s.io | runc;<unknown>",
                "storageclasses.storage.k8s.io | slow (default);keelson.dev/local;Delete;WaitForFirstConsumer;true;<unknown>",
                "volumeattachments.storage.k8s.io | csi.example.com;disk;n1;false;<unknown>",
                "csidrivers.storage.k8s.io | false;false;false;vault;false;Persistent,Ephemeral;<unknown>",
                "csinodes.storage.k8s.io | 1;<unknown>",
                "csistoragecapacities.storage.k8s.io | slow;10Gi",
                "validatingadmissionpolicies.admissionregistration.k8s.io | 1;v1/ConfigMap;<unknown>",
                "validatingadmissionpolicybindings.admissionregistration.k8s.io | replicas;shop/limits;<unknown>",
                "apiservices.apiregistration.k8s.io | kube-system/metrics;False (AggregationNotSupported);<unknown>",
                "flowschemas.flowcontrol.apiserver.k8s.io | low;1000;ByUser;<unknown>;?",
                "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io | Limited;5;16;8;50;<unknown>",
            })
    void tablesShowWhatKubectlUsersKnow(String kind, String cells) {
        assertThat(KindRows.cells(kind, KindRows.created(kind)).stream().map(String::valueOf))
                .containsExactly(cells.split(";", -1));
    }

    @Test
    void aQuotaShowsWhatIsUsed() {
        ObjectNode quota = KindRows.created("resourcequotas");
        quota.set("status", KindRows.yaml("{hard: {pods: '10', limits.memory: 4Gi}, used: {pods: '3'}}"));
        assertThat(KindRows.cells("resourcequotas", quota)).startsWith("pods: 3/10", "limits.memory: 0/4Gi");
    }
}
