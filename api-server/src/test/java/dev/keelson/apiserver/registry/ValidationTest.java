package dev.keelson.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.KeyNames;
import dev.keelson.apiserver.selector.LabelNames;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows of (mistake, field, beginning of the message); every object is otherwise valid. */
class ValidationTest {

    private static List<String> problems(String plural, String yaml) throws IOException {
        ObjectNode object = BuiltinKindsTest.yaml(yaml);
        ResourceStrategy strategy = BuiltinKindsTest.kind(plural).strategy();
        strategy.applyDefaults(object);
        return shown(strategy.validate(object));
    }

    private static List<String> changeProblems(String plural, String old, String updated) throws IOException {
        ObjectNode before = BuiltinKindsTest.yaml(old);
        ObjectNode after = BuiltinKindsTest.yaml(updated);
        ResourceStrategy strategy = BuiltinKindsTest.kind(plural).strategy();
        strategy.applyDefaults(before);
        strategy.applyDefaults(after);
        strategy.prepareForUpdate(after, before);
        return shown(strategy.validateUpdate(after, before));
    }

    private static List<String> shown(List<FieldError> errors) {
        return errors.stream()
                .map(error -> error.field() + ": " + error.message())
                .toList();
    }

    private static void expect(List<String> problems, String field, String message) {
        assertThat(problems)
                .anySatisfy(problem -> assertThat(problem).startsWith(field.strip() + ": " + message.strip()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | spec.containers | Required value",
                "{containers: [{image: i}]} | spec.containers[0].name | Required value",
                "{containers: [{name: C, image: i}]} | spec.containers[0].name | Invalid value: \"C\": a lowercase RFC 1123 label must",
                "{containers: [{name: c}]} | spec.containers[0].image | Required value",
                "{containers: [{name: c, image: ' i'}]} | spec.containers[0].image | Invalid value: \" i\": must not have leading or trailing whitespace",
                "{containers: [{name: c, image: i}, {name: c, image: i}]} | spec.containers[1].name | Duplicate value: \"c\"",
                "{initContainers: [{name: c, image: i}], containers: [{name: c, image: i}]} | spec.initContainers[0].name | Duplicate value: \"c\"",
                "{containers: [{name: c, image: i, imagePullPolicy: Often}]} | spec.containers[0].imagePullPolicy | Unsupported value: \"Often\": supported values: \"Always\", \"IfNotPresent\", \"Never\"",
                "{containers: [{name: c, image: i, ports: [{containerPort: 70000}]}]} | spec.containers[0].ports[0].containerPort | Invalid value: 70000: must be between 1 and 65535, inclusive",
                "{containers: [{name: c, image: i, ports: [{}]}]} | spec.containers[0].ports[0].containerPort | Required value",
                "{containers: [{name: c, image: i, ports: [{containerPort: 1, name: a}, {containerPort: 2, name: a}]}]} | spec.containers[0].ports[1].name | Duplicate value: \"a\"",
                "{containers: [{name: c, image: i, ports: [{containerPort: 1, hostPort: 5}]}, {name: d, image: i, ports: [{containerPort: 1, hostPort: 5}]}]} | spec.containers[1].ports[0].hostPort | Duplicate value",
                "{hostNetwork: true, containers: [{name: c, image: i, ports: [{containerPort: 1, hostPort: 5}]}]} | spec.containers[0].ports[0].hostPort | Invalid value: 5: must match `containerPort` when `hostNetwork` is true",
                "{containers: [{name: c, image: i, env: [{value: x}]}]} | spec.containers[0].env[0].name | Required value",
                "{containers: [{name: c, image: i, env: [{name: 'a=b'}]}]} | spec.containers[0].env[0].name | Invalid value: \"a=b\"",
                "{containers: [{name: c, image: i, env: [{name: a, valueFrom: {}}]}]} | spec.containers[0].env[0].valueFrom | Invalid value: \"\": must specify one of",
                "{containers: [{name: c, image: i, env: [{name: a, valueFrom: {fieldRef: {fieldPath: spec.foo}}}]}]} | spec.containers[0].env[0].valueFrom.fieldRef.fieldPath | Invalid value: \"spec.foo\": error converting fieldPath",
                "{containers: [{name: c, image: i, env: [{name: a, value: x, valueFrom: {secretKeyRef: {name: s, key: k}}}]}]} | spec.containers[0].env[0].valueFrom | Invalid value: \"\": may not be specified when `value`",
                "{containers: [{name: c, image: i, volumeMounts: [{name: v, mountPath: /x}]}]} | spec.containers[0].volumeMounts[0].name | Not found: \"v\"",
                "{volumes: [{name: v}], containers: [{name: c, image: i, volumeMounts: [{name: v, mountPath: /x}, {name: v, mountPath: /x}]}]} | spec.containers[0].volumeMounts[1].mountPath | Invalid value: \"/x\": must be unique",
                "{volumes: [{name: v}], containers: [{name: c, image: i, volumeMounts: [{name: v, mountPath: /x, subPath: ../y}]}]} | spec.containers[0].volumeMounts.subPath | Invalid value: \"../y\": must not contain '..'",
                "{volumes: [{name: v}, {name: v}], containers: [{name: c, image: i}]} | spec.volumes[1].name | Duplicate value: \"v\"",
                "{volumes: [{name: v, emptyDir: {}, hostPath: {path: /x}}], containers: [{name: c, image: i}]} | spec.volumes[0].hostPath | Forbidden: may not specify more than 1 volume type",
                "{volumes: [{name: v, configMap: {name: m, items: [{key: k, path: /abs}]}}], containers: [{name: c, image: i}]} | spec.volumes[0].configMap.items[0].path | Invalid value: \"/abs\": must be a relative path",
                "{volumes: [{name: v, secret: {defaultMode: 512}}], containers: [{name: c, image: i}]} | spec.volumes[0].secret.defaultMode | Invalid value: 512",
                "{containers: [{name: c, image: i, livenessProbe: {}}]} | spec.containers[0].livenessProbe | Required value: must specify a handler type",
                "{containers: [{name: c, image: i, livenessProbe: {exec: {command: [x]}, successThreshold: 2}}]} | spec.containers[0].livenessProbe.successThreshold | Invalid value: 2: must be 1",
                "{containers: [{name: c, image: i, readinessProbe: {httpGet: {port: no_good}}}]} | spec.containers[0].readinessProbe.httpGet.port | Invalid value: \"no_good\"",
                "{containers: [{name: c, image: i, readinessProbe: {periodSeconds: -1, tcpSocket: {port: 1}}}]} | spec.containers[0].readinessProbe.periodSeconds | Invalid value: -1: must be greater than or equal to 0",
                "{containers: [{name: c, image: i, resources: {limits: {cpu: 1, hugepages-2Mi: 4Mi}, requests: {hugepages-2Mi: 2Mi}}}]} | spec.containers[0].resources.requests | Invalid value: \"2Mi\": must be equal to hugepages-2Mi limit of 4Mi",
                "{containers: [{name: c, image: i, resources: {limits: {cpu: 1}, requests: {example.com/fpga: 1}}}]} | spec.containers[0].resources.limits | Required value: Limit must be set for non overcommitable resources",
                "{containers: [{name: c, image: i, resources: {limits: {hugepages-2Mi: 2Mi}}}]} | spec.containers[0].resources | Forbidden: HugePages require cpu or memory",
                "{resources: {requests: {cpu: 1}}, containers: [{name: c, image: i, resources: {requests: {cpu: 600m}}}, {name: d, image: i, resources: {requests: {cpu: 500m}}}]} | spec.resources.requests[cpu] | Invalid value: 1: must be greater than or equal to aggregate container requests of 1100m",
                "{resources: {requests: {memory: 1Mi}}, initContainers: [{name: a, image: i, resources: {requests: {memory: 2Mi}}}], containers: [{name: c, image: i}]} | spec.resources.requests[memory] | Invalid value: \"1Mi\": must be greater than or equal to aggregate container requests of 2Mi",
                "{resources: {limits: {memory: 1Mi}}, containers: [{name: c, image: i, resources: {limits: {memory: 2Mi}}}]} | spec.resources.containers[0][memory].limits | Invalid value: \"2Mi\": must be less than or equal to pod limits of 1Mi",
                "{resources: {limits: {ephemeral-storage: 1Gi}}, containers: [{name: c, image: i}]} | spec.resources.limits[ephemeral-storage] | Unsupported value: \"ephemeral-storage\": supported values: \"cpu\", \"memory\"",
                "{resources: {claims: [{name: x}]}, containers: [{name: c, image: i}]} | spec.resources.claims | Forbidden: claims cannot be set for Resources at pod-level",
                "{resources: {requests: {cpu: 2}, limits: {cpu: 1}}, containers: [{name: c, image: i}]} | spec.resources.requests | Invalid value: 2: must be less than or equal to cpu limit of 1",
                "{containers: [{name: c, image: i, resources: {requests: {cpu: 2}, limits: {cpu: 1}}}]} | spec.containers[0].resources.requests | Invalid value: 2: must be less than or equal to cpu limit of 1",
                "{containers: [{name: c, image: i, resources: {limits: {memory: -1}}}]} | spec.containers[0].resources.limits[memory] | Invalid value: -1: must be greater than or equal to 0",
                "{containers: [{name: c, image: i, resources: {limits: {gold: 1}}}]} | spec.containers[0].resources.limits[gold] | Invalid value: \"gold\": must be a standard resource for containers",
                "{restartPolicy: Sometimes, containers: [{name: c, image: i}]} | spec.restartPolicy | Unsupported value: \"Sometimes\"",
                "{dnsPolicy: None, containers: [{name: c, image: i}]} | spec.dnsConfig | Required value: must provide `dnsConfig` when `dnsPolicy` is None",
                "{initContainers: [{name: n, image: i, readinessProbe: {exec: {command: [x]}}}], containers: [{name: c, image: i}]} | spec.initContainers[0].readinessProbe | Forbidden: may not be set for init containers",
                "{tolerations: [{operator: Exists, key: a, value: b}], containers: [{name: c, image: i}]} | spec.tolerations[0].operator | Invalid value: core.Toleration{Key:\"a\", Operator:\"Exists\", Value:\"b\", Effect:\"\", TolerationSeconds:(*int64)(nil)}: value must be empty",
                "{securityContext: {runAsUser: -5}, containers: [{name: c, image: i}]} | spec.securityContext.runAsUser | Invalid value: -5",
                "{securityContext: {sysctls: [{name: 'foo-', value: a}]}, containers: [{name: c, image: i}]} | spec.securityContext.sysctls[0].name | Invalid value: \"foo-\": must have at most 253 characters",
                "{securityContext: {sysctls: [{name: a.b, value: a}, {name: a.b, value: b}]}, containers: [{name: c, image: i}]} | spec.securityContext.sysctls[1].name | Duplicate value",
                "{securityContext: {supplementalGroupsPolicy: Loose}, containers: [{name: c, image: i}]} | spec.securityContext.supplementalGroupsPolicy | Unsupported value",
                "{securityContext: {appArmorProfile: {type: Localhost}}, containers: [{name: c, image: i}]} | spec.securityContext.appArmorProfile.localhostProfile | Required value: must be set when AppArmor type is Localhost",
                "{securityContext: {appArmorProfile: {type: Localhost, localhostProfile: ' a'}}, containers: [{name: c, image: i}]} | spec.securityContext.appArmorProfile.localhostProfile | Invalid value: \" a\": must not be padded",
                "{containers: [{name: c, image: i, securityContext: {appArmorProfile: {type: Unconfined, localhostProfile: a}}}]} | spec.containers[0].securityContext.appArmorProfile.localhostProfile | Invalid value: \"a\": can only be set when AppArmor type is Localhost",
                "{containers: [{name: c, image: i, securityContext: {appArmorProfile: {type: Strict}}}]} | spec.containers[0].securityContext.appArmorProfile.type | Unsupported value: \"Strict\"",
                "{containers: [{name: c, image: i, securityContext: {privileged: true, allowPrivilegeEscalation: false}}]} | spec.containers[0].securityContext | Invalid value"
            })
    void pods(String spec, String field, String message) throws IOException {
        expect(problems("pods", "{metadata: {name: p}, spec: " + spec + "}"), field, message);
    }

    private static final String TEMPLATE =
            "template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: i}]}}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "selector: {matchLabels: {a: x}} | spec.template.metadata.labels | Invalid value: map[string]string{\"a\":\"b\"}: `selector` does not match template `labels`",
                "selector: {} | spec.selector | Invalid value: v1.LabelSelector{MatchLabels:map[string]string(nil), MatchExpressions:[]v1.LabelSelectorRequirement(nil)}: empty selector is invalid for deployment",
                "replicas: 1 | spec.selector | Required value",
                "selector: {matchLabels: {a: b}}, replicas: -1 | spec.replicas | Invalid value: -1: must be greater than or equal to 0",
                "selector: {matchLabels: {a: b}}, strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 0}} | spec.strategy.rollingUpdate.maxUnavailable | Invalid value: intstr.IntOrString{Type:0, IntVal:0, StrVal:\"\"}: may not be 0 when `maxSurge` is 0",
                "selector: {matchLabels: {a: b}}, strategy: {rollingUpdate: {maxSurge: lots}} | spec.strategy.rollingUpdate.maxSurge | Invalid value: intstr.IntOrString{Type:1, IntVal:0, StrVal:\"lots\"}",
                "selector: {matchLabels: {a: b}}, strategy: {rollingUpdate: {maxUnavailable: 101%}} | spec.strategy.rollingUpdate.maxUnavailable | Invalid value: intstr.IntOrString{Type:1, IntVal:0, StrVal:\"101%\"}: must not be greater than 100%",
                "selector: {matchLabels: {a: b}}, strategy: {type: Recreate, rollingUpdate: {maxSurge: 1}} | spec.strategy.rollingUpdate | Forbidden",
                "selector: {matchLabels: {a: b}}, strategy: {type: Magic} | spec.strategy | Unsupported value: apps.DeploymentStrategy{Type:\"Magic\", RollingUpdate:(*apps.RollingUpdateDeployment)(nil)}: supported values: \"Recreate\", \"RollingUpdate\"",
                "selector: {matchLabels: {a: b}}, minReadySeconds: 700 | spec.progressDeadlineSeconds | Invalid value: 600: must be greater than minReadySeconds",
                "selector: {matchLabels: {b: c, a: x}, matchExpressions: [{key: a, operator: NotIn, values: [b]}]} | spec.template.metadata.labels | Invalid value: map[string]string{\"a\":\"b\"}",
                "selector: {matchExpressions: [{key: a, operator: In}]} | spec.selector.matchExpressions[0].values | Required value"
            })
    void deployments(String spec, String field, String message) throws IOException {
        expect(
                problems("deployments", "{metadata: {name: d}, spec: {" + spec + ", " + TEMPLATE + "}}"),
                field,
                message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "services | {spec: {}} | spec.ports | Required value",
                "services | {spec: {ports: [{port: 0}]}} | spec.ports[0].port | Invalid value: 0",
                "services | {spec: {ports: [{port: 1}, {port: 2}]}} | spec.ports[0].name | Required value",
                "services | {spec: {ports: [{port: 1, name: a}, {port: 1, name: b}]}} | spec.ports[1] | Duplicate value",
                "services | {spec: {type: Magic, ports: [{port: 1}]}} | spec.type | Unsupported value: \"Magic\"",
                "services | {spec: {clusterIP: nonsense, ports: [{port: 1}]}} | spec.clusterIPs[0] | Invalid value: \"nonsense\": must be a valid IP address",
                "services | {spec: {type: ExternalName}} | spec.externalName | Required value",
                "services | {spec: {type: NodePort, clusterIP: None, ports: [{port: 1}]}} | spec.clusterIPs[0] | Invalid value: \"None\": may not be set to 'None' for NodePort services",
                "services | {spec: {ports: [{port: 1, nodePort: 30000}]}} | spec.ports[0].nodePort | Forbidden: may not be used when `type` is 'ClusterIP'",
                "configmaps | {data: {'a b': x}} | data[a b] | Invalid value: \"a b\": a valid config key must consist",
                "configmaps | {data: {a: x}, binaryData: {a: eA==}} | data[a] | Invalid value: \"a\": duplicate of key present in binaryData",
                "secrets | {type: kubernetes.io/ssh-auth, data: {ssh-privatekey: ''}} | data[ssh-privatekey] | Required value",
                "priorityclasses | {metadata: {name: system-mine}, value: 1} | metadata.name | Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: system-mine is not a known system priority class",
                "priorityclasses | {metadata: {name: system-node-critical}, value: 1} | metadata.name | Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: value of system-node-critical PriorityClass must be 2000001000",
                "priorityclasses | {metadata: {name: system-node-critical}, value: 2000001000, globalDefault: true} | metadata.name | Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: globalDefault of system-node-critical PriorityClass must be false",
                "secrets | {type: kubernetes.io/tls} | data[tls.crt] | Required value",
                "secrets | {type: kubernetes.io/dockerconfigjson, data: {.dockerconfigjson: eA==}} | data[.dockerconfigjson] | Invalid value: \"<secret contents redacted>\"",
                "secrets | {data: {a: '***'}} | data[a] | Invalid value",
                "nodes | {spec: {taints: [{key: a, effect: Never}]}} | metadata.taints[0].effect | Unsupported value: \"Never\"",
                "nodes | {spec: {taints: [{key: a, effect: NoSchedule}, {key: a, value: b, effect: NoSchedule}]}} | metadata.taints[1] | Duplicate value: core.Taint{Key:\"a\", Value:\"b\", Effect:\"NoSchedule\", TimeAdded:<nil>}: taints must be unique by key and effect pair",
                "nodes | {spec: {podCIDRs: [10.0.0.0/24, 10.1.0.0/24]}} | spec.podCIDRs | Invalid value: []string{\"10.0.0.0/24\", \"10.1.0.0/24\"}: may specify no more than one CIDR for each IP family",
                "services | {spec: {clusterIP: 10.0.0.1, ipFamilies: [IPv6], ports: [{port: 1}]}} | spec.clusterIPs[0] | Invalid value: \"10.0.0.1\": expected an IPv6 value as indicated by `ipFamilies[0]`",
                "services | {spec: {clusterIP: 10.0.0.1, clusterIPs: [10.0.0.1, 10.0.0.2], ports: [{port: 1}]}} | spec.clusterIPs | Invalid value: []string{\"10.0.0.1\", \"10.0.0.2\"}: may specify no more than one IP for each IP family",
                "services | {metadata: {annotations: {service.kubernetes.io/topology-mode: Auto, service.kubernetes.io/topology-aware-hints: Disabled}}, spec: {ports: [{port: 1}]}} | metadata.annotations[service.kubernetes.io/topology-mode] | Invalid value: \"Auto\": must match annotations[service.kubernetes.io/topology-aware-hints] when both are specified",
                "services | {metadata: {annotations: {service.beta.kubernetes.io/load-balancer-source-ranges: 'a, 10.0.0.0/8'}}, spec: {type: LoadBalancer, ports: [{port: 1}]}} | metadata.annotations[service.beta.kubernetes.io/load-balancer-source-ranges] | Invalid value: \"a\": must be a valid CIDR value",
                "nodes | {spec: {podCIDR: 10.0.0.0/99}} | spec.podCIDRs[0] | Invalid value: \"10.0.0.0/99\"",
                "endpointslices | {addressType: IPv4, endpoints: [{addresses: [x]}]} | endpoints[0].addresses[0] | Invalid value: \"x\": must be a valid IP address",
                "endpointslices | {addressType: FQDN, endpoints: [{addresses: [x]}]} | endpoints[0].addresses[0] | Invalid value: \"x\": should be a domain with at least two segments separated by dots",
                "endpoints | {subsets: [{addresses: [{ip: 10.0.0.1}], ports: [{port: 1, appProtocol: a b}]}]} | subsets[0].ports[0].appProtocol | Invalid value: \"a b\": name part must consist",
                "endpointslices | {endpoints: []} | addressType | Required value",
                "endpointslices | {addressType: IPv4, endpoints: [{addresses: ['::1']}]} | endpoints[0].addresses[0] | Invalid value: \"::1\": must be a valid IPv4 address",
                "leases | {spec: {leaseDurationSeconds: 0}} | spec.leaseDurationSeconds | Invalid value: 0: must be greater than 0",
                "events | {metadata: {namespace: a}, involvedObject: {namespace: b}} | involvedObject.namespace | Invalid value: \"b\": does not match event.namespace"
            })
    void otherKinds(String plural, String yaml, String field, String message) throws IOException {
        expect(problems(plural, yaml), field, message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "deployments | {spec: {selector: {matchLabels: {a: b}}}} | {spec: {selector: {matchExpressions: [{key: a, operator: In, values: [b, c]}]}}} | spec.selector | Invalid value: v1.LabelSelector{MatchLabels:map[string]string(nil), MatchExpressions:[]v1.LabelSelectorRequirement{v1.LabelSelectorRequirement{Key:\"a\", Operator:\"In\", Values:[]string{\"b\", \"c\"}}}}: field is immutable",
                "deployments | {spec: {selector: {matchLabels: {a: b}}}} | {spec: {selector: {matchLabels: {a: c}}}} | spec.selector | Invalid value: v1.LabelSelector{MatchLabels:map[string]string{\"a\":\"c\"}, MatchExpressions:[]v1.LabelSelectorRequirement(nil)}: field is immutable",
                "services | {spec: {clusterIP: 10.0.0.1, ports: [{port: 1}]}} | {spec: {clusterIP: 10.0.0.2, ports: [{port: 1}]}} | spec.clusterIPs[0] | Invalid value: []string{\"10.0.0.2\"}: may not change once set",
                "services | {spec: {clusterIP: 10.0.0.1, clusterIPs: [10.0.0.1, 'fd00::1'], ports: [{port: 1}]}} | {spec: {clusterIP: 10.0.0.1, clusterIPs: [10.0.0.1], ipFamilyPolicy: PreferDualStack, ports: [{port: 1}]}} | spec.ipFamilyPolicy | Invalid value: \"PreferDualStack\": must be set to 'SingleStack' when releasing the secondary clusterIP",
                "services | {spec: {clusterIP: 10.0.0.1, ipFamilies: [IPv4], ports: [{port: 1}]}} | {spec: {clusterIP: 10.0.0.1, ipFamilies: [IPv6], ports: [{port: 1}]}} | spec.ipFamilies[0] | Invalid value: []core.IPFamily{\"IPv6\"}: may not change once set",
                "configmaps | {immutable: true, data: {a: b}} | {immutable: true, data: {a: c}} | data | Forbidden: field is immutable when `immutable` is set",
                "configmaps | {immutable: true} | {} | immutable | Forbidden: field is immutable when `immutable` is set",
                "secrets | {type: a} | {type: b} | type | Invalid value: \"b\": field is immutable",
                "nodes | {spec: {podCIDR: 10.0.0.0/24}} | {spec: {podCIDR: 10.0.1.0/24}} | spec.podCIDRs | Forbidden: node updates may not change podCIDR except from \"\" to valid",
                "pods | {spec: {containers: [{name: c, image: i}]}} | {spec: {containers: [{name: c, image: i, command: [x]}]}} | spec | Forbidden: pod updates may not change fields other than",
                "pods | {spec: {containers: [{name: c, image: i}]}} | {spec: {containers: [{name: c, image: i}, {name: d, image: i}]}} | spec.containers | Forbidden: pod updates may not add or remove containers",
                "pods | {spec: {tolerations: [{key: a}]}} | {spec: {tolerations: [{key: b}]}} | spec.tolerations | Forbidden",
                "pods | {spec: {activeDeadlineSeconds: 5}} | {spec: {activeDeadlineSeconds: 9}} | spec.activeDeadlineSeconds | Invalid value: 9"
            })
    void changes(String plural, String old, String updated, String field, String message) throws IOException {
        expect(changeProblems(plural, old, updated), field, message);
    }

    @Test
    void whatMayChangeInAPod() throws IOException {
        assertThat(
                        changeProblems(
                                "pods",
                                "{spec: {activeDeadlineSeconds: 9, tolerations: [{key: a}], containers: [{name: c, image: 'i:1', imagePullPolicy: Never}]}}",
                                "{spec: {activeDeadlineSeconds: 5, tolerations: [{key: a, tolerationSeconds: 3}, {key: b}], containers: [{name: c, image: 'i:2', imagePullPolicy: Never}]}}"))
                .isEmpty();
    }

    @Test
    void realisticObjectsAreValid() throws IOException {
        assertThat(problems("customresourcedefinitions", ValidObjects.DEFINITION))
                .isEmpty();
        assertThat(problems("pods", ValidObjects.POD)).isEmpty();
        assertThat(problems("deployments", ValidObjects.DEPLOYMENT)).isEmpty();
        assertThat(problems("services", ValidObjects.SERVICE)).isEmpty();
        assertThat(problems("services", "{spec: {clusterIP: None, selector: {a: b}}}"))
                .isEmpty();
        assertThat(problems("nodes", "{spec: {podCIDR: 10.1.0.0/24, taints: [{key: a, effect: NoSchedule}]}}"))
                .isEmpty();
        assertThat(problems(
                        "endpointslices",
                        "{addressType: IPv6, endpoints: [{addresses: ['fd00::1']}], ports: [{name: http, port: 80}]}"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "services | {spec: {clusterIP: 010.096.0.09, externalIPs: [192.000.2.010], ports: [{port: 1}]}}",
                "services | {spec: {type: LoadBalancer, loadBalancerSourceRanges: [010.1.2.3/08], ports: [{port: 1}]}}",
                "networkpolicies | {metadata: {name: p}, spec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 010.9.8.7/8, except: [10.009.0.1/16]}}]}]}}",
                "endpoints | {subsets: [{addresses: [{ip: 010.001.002.003}]}]}",
                "endpointslices | {addressType: IPv4, endpoints: [{addresses: ['010.001.002.003']}]}",
                "nodes | {spec: {podCIDR: 010.1.0.9/24}}",
                "pods | {metadata: {name: p}, spec: {dnsConfig: {nameservers: [010.0.0.1]}, hostAliases: [{ip: 010.0.0.1}], containers: [{name: c, image: i}]}}"
            })
    void numbersOfAddressesMayBeginWithZeros(String plural, String yaml) throws IOException {
        assertThat(problems(plural, yaml)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | Required value",
                "[v0] | Invalid value: []string{\"v0\"}: must include at least one of v1, v1beta1",
                "[v1, v1] | Invalid value: \"v1\": duplicate version",
                "[v1, 'a b'] | Invalid value: \"a b\": a DNS-1035 label must consist of",
                "[v0, v1beta1] |"
            })
    void reviewsOfConversionsAreOfAKnownVersion(String versions, String problem) throws IOException {
        String yaml = ValidObjects.DEFINITION.replace(
                "conversionReviewVersions: [v1]", "conversionReviewVersions: " + versions);
        List<String> problems = problems("customresourcedefinitions", yaml);
        if (problem == null) {
            assertThat(problems).isEmpty();
        } else {
            assertThat(problems).singleElement().asString().startsWith("spec.conversion.conversionReviewVersions");
            assertThat(problems).singleElement().asString().contains(problem);
        }
    }

    @Test
    void dataIsLimitedInTotal() throws IOException {
        String big = "x".repeat(600 * 1024);
        assertThat(problems("configmaps", "{data: {a: " + big + ", b: " + big + "}}"))
                .containsExactly("[]: Too long: may not be more than 1048576 bytes");
    }

    /** A name may be wrong in several ways, each of which is a problem of its own. */
    @Test
    void allThatIsWrongWithANameIsSaid() {
        String tooLong = "A".repeat(64);

        assertThat(NameRule.DNS_LABEL.problems(tooLong))
                .extracting(words -> words.split(" must ")[0])
                .containsExactly("must be no more than 63 characters", "a lowercase RFC 1123 label");
        assertThat(NameRule.DNS_LABEL.problems("a".repeat(64))).containsExactly("must be no more than 63 characters");
        assertThat(NameRule.DNS_SUBDOMAIN.problems("A.".repeat(100_000)))
                .containsExactly("must be no more than 253 characters");
        assertThat(NameRule.PATH_SEGMENT.problems("a/b%c"))
                .containsExactly("may not contain '/'", "may not contain '%'");
        assertThat(LabelNames.keyProblems("/" + tooLong + "_"))
                .extracting(words -> words.split(" consist ")[0])
                .containsExactly(
                        "prefix part must be non-empty",
                        "name part must be no more than 63 characters",
                        "name part must");
        assertThat(LabelNames.keyProblems(""))
                .extracting(words -> words.split(" consist ")[0])
                .containsExactly("name part must be non-empty", "name part must");
        assertThat(LabelNames.keyProblems("a/b/c")).hasSize(1);
        assertThat(LabelNames.valueProblems(tooLong + "_")).hasSize(2);
        assertThat(LabelNames.valueProblems("")).isEmpty();
        assertThat(KeyNames.problems("../x")).hasSize(2).last().isEqualTo("must not start with '..'");
    }
}
