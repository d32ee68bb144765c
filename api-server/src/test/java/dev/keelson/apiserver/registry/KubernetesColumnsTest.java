package dev.keelson.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.keelson.apiserver.http.reply.TableShape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables against what printers.go of Kubernetes 1.32 declares and fills in. */
class KubernetesColumnsTest {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    /** Columns after the name; a string unless said, {@code *} with {@code -o wide} only. */
    private static final String DECLARED = """
            bindings:
            certificatesigningrequests.certificates.k8s.io: Age, SignerName, Requestor, RequestedDuration, Condition
            clusterrolebindings.rbac.authorization.k8s.io: Role, Age, Users*, Groups*, ServiceAccounts*
            clusterroles.rbac.authorization.k8s.io: Created At date
            configmaps: Data, Age
            controllerrevisions.apps: Controller, Revision, Age
            cronjobs.batch: Schedule, Timezone, Suspend boolean, Active integer, Last Schedule, Age, Containers*, Images*, Selector*
            csidrivers.storage.k8s.io: AttachRequired boolean, PodInfoOnMount boolean, StorageCapacity boolean, TokenRequests, RequiresRepublish boolean, Modes, Age
            csinodes.storage.k8s.io: Drivers integer, Age
            csistoragecapacities.storage.k8s.io: StorageClassName, Capacity
            customresourcedefinitions.apiextensions.k8s.io: Created At date
            daemonsets.apps: Desired integer, Current integer, Ready integer, Up-to-date integer, Available integer, Node Selector, Age, Containers*, Images*, Selector*
            deployments.apps: Ready, Up-to-date integer, Available integer, Age, Containers*, Images*, Selector*
            endpoints: Endpoints, Age
            endpointslices.discovery.k8s.io: AddressType, Ports, Endpoints, Age
            events: Last Seen, Type, Reason, Object, Subobject*, Source*, Message, First Seen*, Count*, Name*
            flowschemas.flowcontrol.apiserver.k8s.io: PriorityLevel, MatchingPrecedence, DistinguisherMethod, Age, MissingPL
            horizontalpodautoscalers.autoscaling: Reference, Targets, MinPods, MaxPods, Replicas, Age
            ingressclasses.networking.k8s.io: Controller, Parameters, Age
            ingresses.networking.k8s.io: Class, Hosts, Address, Ports, Age
            jobs.batch: Status, Completions, Duration, Age, Containers*, Images*, Selector*
            leases.coordination.k8s.io: Holder, Age
            limitranges: Created At date
            mutatingwebhookconfigurations.admissionregistration.k8s.io: Webhooks integer, Age
            namespaces: Status, Age
            networkpolicies.networking.k8s.io: Pod-Selector, Age
            nodes: Status, Roles, Age, Version, Internal-IP*, External-IP*, OS-Image*, Kernel-Version*, Container-Runtime*
            persistentvolumeclaims: Status, Volume, Capacity, Access Modes, StorageClass, VolumeAttributesClass, Age, VolumeMode*
            persistentvolumes: Capacity, Access Modes, Reclaim Policy, Status, Claim, StorageClass, VolumeAttributesClass, Reason, Age, VolumeMode*
            poddisruptionbudgets.policy: Min Available, Max Unavailable, Allowed Disruptions integer, Age
            pods: Ready, Status, Restarts, Age, IP*, Node*, Nominated Node*, Readiness Gates*
            podtemplates: Containers, Images, Pod Labels
            priorityclasses.scheduling.k8s.io: Value integer, Global-Default boolean, Age, PreemptionPolicy
            prioritylevelconfigurations.flowcontrol.apiserver.k8s.io: Type, NominalConcurrencyShares, Queues, HandSize, QueueLengthLimit, Age
            replicasets.apps: Desired integer, Current integer, Ready integer, Age, Containers*, Images*, Selector*
            replicationcontrollers: Desired integer, Current integer, Ready integer, Age, Containers*, Images*, Selector*
            resourcequotas: Request, Limit, Age
            rolebindings.rbac.authorization.k8s.io: Role, Age, Users*, Groups*, ServiceAccounts*
            roles.rbac.authorization.k8s.io: Created At date
            runtimeclasses.node.k8s.io: Handler, Age
            secrets: Type, Data, Age
            serviceaccounts: Secrets, Age
            services: Type, Cluster-IP, External-IP, Port(s), Age, Selector*
            statefulsets.apps: Ready, Age, Containers*, Images*
            storageclasses.storage.k8s.io: Provisioner, ReclaimPolicy, VolumeBindingMode, AllowVolumeExpansion, Age
            validatingadmissionpolicies.admissionregistration.k8s.io: Validations integer, ParamKind, Age
            validatingadmissionpolicybindings.admissionregistration.k8s.io: PolicyName, ParamRef, Age
            validatingwebhookconfigurations.admissionregistration.k8s.io: Webhooks integer, Age
            volumeattachments.storage.k8s.io: Attacher name, PV, Node, Attached boolean, Age
            apiservices.apiregistration.k8s.io: Service, Available, Age
            """;

    @Test
    void everyBuiltInKindHasTheColumnsOfKubernetes() {
        Map<String, String> declared = DECLARED.lines()
                .map(line -> line.split(":", 2))
                .filter(line -> !line[0].equals("bindings"))
                .collect(Collectors.toMap(line -> line[0], line -> line[1].strip()));
        Map<String, String> served = new TreeMap<>();
        for (ResourceDefinition kind : BuiltinKinds.list()) {
            // Views of another version or group are shown as what they are views of.
            if (!kind.strategy().storageGroup().isEmpty()) {
                continue;
            }
            String name = kind.group().isEmpty() ? kind.plural() : kind.plural() + "." + kind.group();
            served.put(name, columns(kind));
        }
        assertThat(served).containsExactlyInAnyOrderEntriesOf(declared);
    }

    private static String columns(ResourceDefinition kind) {
        List<String> shown = new ArrayList<>();
        TableShape.columns(kind).forEach(column -> {
            boolean first = shown.isEmpty() && column.name().equals("Name") && column.priority() == 0;
            String type = column.type().equals("string") ? "" : " " + column.type();
            String format = column.format().isEmpty() || column.name().equals("Name") ? "" : " " + column.format();
            if (!first) {
                shown.add(column.name() + type + format + (column.priority() > 0 ? "*" : ""));
            } else {
                shown.add("");
            }
        });
        return shown.stream().filter(name -> !name.isEmpty()).collect(Collectors.joining(", "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            services | {spec: {type: ClusterIP, clusterIPs: [None]}} | [ClusterIP, None, <none>, <none>, <unknown>, <none>]
            services | {spec: {type: NodePort, clusterIPs: [10.0.0.1, 'fd::1'], externalIPs: [1.2.3.4], ports: [{port: 80, nodePort: 30080, protocol: TCP}, {port: 53, protocol: UDP}], selector: {b: c, a: b}}} | [NodePort, 10.0.0.1, 1.2.3.4, '80:30080/TCP,53/UDP', <unknown>, 'a=b,b=c']
            services | {spec: {type: LoadBalancer, clusterIPs: [10.0.0.1]}} | [LoadBalancer, 10.0.0.1, <pending>, <none>, <unknown>, <none>]
            services | {spec: {type: LoadBalancer, clusterIPs: [10.0.0.1], externalIPs: [9.9.9.9]}, status: {loadBalancer: {ingress: [{ip: 2.2.2.2}, {hostname: a.example.com}, {ip: 1.1.1.1}, {ip: 2.2.2.2}]}}} | [LoadBalancer, 10.0.0.1, '1.1.1.1,2.2.2.2,a.example.com,9.9.9.9', <none>, <unknown>, <none>]
            services | {spec: {type: ExternalName, externalName: db.example.com}} | [ExternalName, <none>, db.example.com, <none>, <unknown>, <none>]
            endpoints | {} | [<none>, <unknown>]
            endpoints | {subsets: [{notReadyAddresses: [{ip: 10.0.0.1}], ports: [{port: 80}]}]} | ['', <unknown>]
            endpoints | {subsets: [{addresses: [{ip: 10.0.0.1}, {ip: 'fd::2'}], ports: [{port: 80}, {port: 81}]}]} | ['10.0.0.1:80,[fd::2]:80,10.0.0.1:81 + 1 more...', <unknown>]
            endpoints | {subsets: [{addresses: [{ip: 10.0.0.1}, {ip: 10.0.0.2}]}]} | ['10.0.0.1,10.0.0.2', <unknown>]
            endpointslices.discovery.k8s.io | {addressType: IPv4, ports: [{port: 80}, {name: dns}, {}], endpoints: [{addresses: [a, b]}, {addresses: [c, d]}]} | [IPv4, '80,dns,*', 'a,b,c + 1 more...', <unknown>]
            endpointslices.discovery.k8s.io | {addressType: IPv4, ports: [{name: ''}]} | [IPv4, <unset>, <unset>, <unknown>]
            ingresses.networking.k8s.io | {spec: {}} | [<none>, '*', '', '80', <unknown>]
            ingresses.networking.k8s.io | {spec: {ingressClassName: c, rules: [{host: a}, {}, {host: b}, {host: c}, {}], tls: [{}]}, status: {loadBalancer: {ingress: [{ip: 2.2.2.2}, {ip: 1.1.1.1}]}}} | [c, 'a,b,c + 2 more...', '1.1.1.1,2.2.2.2', '80, 443', <unknown>]
            jobs.batch | {metadata: {deletionTimestamp: '2026-01-01T00:00:00Z'}, spec: {parallelism: 3, template: {spec: {containers: [{name: a, image: i}, {name: b, image: j}]}}}, status: {succeeded: 1, conditions: [{type: SuccessCriteriaMet, status: 'True'}]}} | [Terminating, 1/1 of 3, '', <unknown>, 'a,b', 'i,j', <none>]
            jobs.batch | {spec: {completions: 2}, status: {startTime: '2026-01-01T00:58:00Z', conditions: [{type: Suspended, status: 'True'}]}} | [Suspended, 0/2, 2m, <unknown>, '', '', <none>]
            jobs.batch | {spec: {parallelism: 1}, status: {startTime: '2026-01-01T00:58:00Z', completionTime: '2026-01-01T00:58:30Z', conditions: [{type: Complete, status: 'False'}, {type: Failed, status: 'True'}]}} | [Failed, 0/1, 30s, <unknown>, '', '', <none>]
            jobs.batch | {spec: {}, status: {conditions: [{type: FailureTarget, status: 'True'}]}} | [FailureTarget, 0/1, '', <unknown>, '', '', <none>]
            cronjobs.batch | {spec: {schedule: '* * * * *', suspend: true, timeZone: Etc/UTC}, status: {active: [{}, {}], lastScheduleTime: '2026-01-01T00:59:00Z'}} | ['* * * * *', Etc/UTC, 'True', 2, 60s, <unknown>, '', '', <none>]
            cronjobs.batch | {spec: {schedule: '@daily', suspend: false}} | ['@daily', <none>, 'False', 0, <none>, <unknown>, '', '', <none>]
            replicasets.apps | {spec: {replicas: 2, selector: {matchLabels: {b: x, z: y}, matchExpressions: [{key: c, operator: In, values: [q, p]}, {key: a, operator: Exists}]}}} | [2, 0, 0, <unknown>, '', '', 'a,b=x,c in (p,q),z=y']
            configmaps | {data: {a: b}, binaryData: {c: d}} | [2, <unknown>]
            secrets | {type: Opaque, data: {a: b}} | [Opaque, 1, <unknown>]
            serviceaccounts | {} | [0, <unknown>]
            controllerrevisions.apps | {revision: 3, metadata: {ownerReferences: [{controller: true, apiVersion: apps/v1, kind: StatefulSet, name: db}]}} | [statefulset.apps/db, 3, <unknown>]
            events | {involvedObject: {kind: Pod, name: p, fieldPath: 'spec.containers{c}'}, reportingComponent: kubelet, reportingInstance: n1, eventTime: '2026-01-01T00:59:50Z', type: Normal, reason: Pulled, message: ' done '} | [10s, Normal, Pulled, pod/p, 'spec.containers{c}', 'kubelet, n1', done, 10s, 1, '']
            events | {involvedObject: {kind: Node}, source: {component: kubelet}, reportingInstance: n2, firstTimestamp: '2026-01-01T00:50:00Z', lastTimestamp: '2026-01-01T00:55:00Z', count: 4} | [5m, '', '', node, '', 'kubelet, n2', '', 10m, 4, '']
            events | {involvedObject: {kind: Node}, firstTimestamp: '2026-01-01T00:50:00Z', series: {count: 9, lastObservedTime: '2026-01-01T00:59:00Z'}} | [60s, '', '', node, '', '', '', 10m, 9, '']
            nodes | {metadata: {labels: {node-role.kubernetes.io/worker: '', node-role.kubernetes.io/: '', node-role.kubernetes.io/control-plane: '', kubernetes.io/role: edge}}, spec: {unschedulable: true}, status: {conditions: [{type: Ready, status: Unknown}]}} | ['NotReady,SchedulingDisabled', 'control-plane,edge,worker', <unknown>, '', <none>, <none>, <unknown>, <unknown>, <unknown>]
            nodes | {} | [Unknown, <none>, <unknown>, '', <none>, <none>, <unknown>, <unknown>, <unknown>]
            persistentvolumeclaims | {spec: {volumeName: v, resources: {requests: {storage: 5Gi}}}, status: {phase: Bound, accessModes: [ReadWriteMany, ReadWriteOnce]}} | [Bound, v, '0', 'RWO,RWX', '', <unset>, <unknown>, <unset>]
            persistentvolumeclaims | {metadata: {deletionTimestamp: x}, spec: {storageClassName: fast, volumeMode: Block, resources: {requests: {storage: 5Gi}}}, status: {phase: Pending}} | [Terminating, '', '', '', fast, <unset>, <unknown>, Block]
            persistentvolumes | {spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOncePod], persistentVolumeReclaimPolicy: Retain, claimRef: {namespace: n, name: c}}, status: {phase: Failed, reason: r}} | [1Gi, RWOP, Retain, Failed, n/c, '', <unset>, r, <unknown>, <unset>]
            horizontalpodautoscalers.autoscaling | {spec: {scaleTargetRef: {kind: Deployment, name: d}, maxReplicas: 5, metrics: [{type: Resource, resource: {name: cpu, target: {averageUtilization: 80}}}, {type: Resource, resource: {name: memory, target: {averageValue: 1Gi}}}, {type: Pods}]}, status: {currentReplicas: 2, currentMetrics: [{type: Resource, resource: {name: cpu, current: {averageUtilization: 10}}}]}} | [Deployment/d, 'cpu: 10%/80%, memory: <unknown>/1Gi + 1 more...', <unset>, 5, 2, <unknown>]
            horizontalpodautoscalers.autoscaling | {spec: {scaleTargetRef: {kind: D, name: d}, minReplicas: 1, maxReplicas: 5, metrics: [{type: ContainerResource, containerResource: {name: cpu, target: {}}}, {type: External, external: {target: {averageValue: '3'}}}]}} | [D/d, 'cpu: <unknown>/<auto>, <unknown>/3 (avg)', '1', 5, 0, <unknown>]
            horizontalpodautoscalers.autoscaling | {spec: {metrics: [{type: Pods, pods: {target: {averageValue: '3'}}}, {type: Object, object: {target: {value: '7'}}}]}, status: {currentMetrics: [{type: Pods, pods: {current: {averageValue: '2'}}}, {type: Object, object: {current: {value: '6'}}}]}} | [/, '2/3, 6/7', <unset>, 0, 0, <unknown>]
            certificatesigningrequests.certificates.k8s.io | {spec: {username: u, signerName: s, expirationSeconds: 3600}, status: {conditions: [{type: Approved}, {type: Failed}]}} | [<unknown>, s, u, 60m, 'Approved,Failed']
            certificatesigningrequests.certificates.k8s.io | {spec: {username: u}, status: {certificate: x, conditions: [{type: Approved}]}} | [<unknown>, <none>, u, <none>, 'Approved,Issued']
            certificatesigningrequests.certificates.k8s.io | {status: {conditions: [{type: Approved}, {type: Denied}]}} | [<unknown>, <none>, '', <none>, Denied]
            csidrivers.storage.k8s.io | {spec: {attachRequired: true, tokenRequests: [{audience: a}, {audience: b}], volumeLifecycleModes: [Persistent]}} | [true, false, false, 'a,b', false, Persistent, <unknown>]
            volumeattachments.storage.k8s.io | {spec: {attacher: a, nodeName: n, source: {persistentVolumeName: v}}, status: {attached: true}} | [a, v, n, true, <unknown>]
            priorityclasses.scheduling.k8s.io | {value: 7, globalDefault: true, preemptionPolicy: Never} | [7, true, <unknown>, Never]
            storageclasses.storage.k8s.io | {metadata: {name: fast, annotations: {storageclass.kubernetes.io/is-default-class: 'true'}}, provisioner: p, allowVolumeExpansion: true} | [fast (default), p, Delete, Immediate, true, <unknown>]
            prioritylevelconfigurations.flowcontrol.apiserver.k8s.io | {spec: {type: Limited, limited: {nominalConcurrencyShares: 30, limitResponse: {type: Reject}}}} | [Limited, 30, <none>, <none>, <none>, <unknown>]
            flowschemas.flowcontrol.apiserver.k8s.io | {spec: {matchingPrecedence: 9, priorityLevelConfiguration: {name: l}}} | [l, 9, <none>, <unknown>, '?']
            validatingadmissionpolicybindings.admissionregistration.k8s.io | {spec: {policyName: p, paramRef: {name: n}}} | [p, '*/n', <unknown>]
            validatingadmissionpolicybindings.admissionregistration.k8s.io | {spec: {policyName: p, paramRef: {selector: {matchLabels: {a: b}, matchExpressions: [{key: k, operator: In, values: [x, y]}]}}}} | [p, '&LabelSelector{MatchLabels:map[string]string{a: b,},MatchExpressions:[]LabelSelectorRequirement{LabelSelectorRequirement{Key:k,Operator:In,Values:[x y],},},}', <unknown>]
            resourcequotas | {status: {hard: {pods: '10', limits.cpu: '4', configmaps: '2'}, used: {pods: '3'}}} | ['configmaps: 0/2, pods: 3/10', 'limits.cpu: 0/4', <unknown>]
            poddisruptionbudgets.policy | {spec: {maxUnavailable: 25%}, status: {disruptionsAllowed: 1}} | [N/A, 25%, 1, <unknown>]
            rolebindings.rbac.authorization.k8s.io | {roleRef: {kind: Role, name: r}, subjects: [{kind: User, name: u}, {kind: User, name: v}, {kind: ServiceAccount, namespace: n, name: s}]} | [Role/r, <unknown>, 'u, v', '', n/s]
            """)
    void cellsAreThoseOfKubernetes(String kind, String object, String cells) throws IOException {
        List<Object> shown = KindRows.cells(kind, (ObjectNode) YAML.readTree(object)).stream()
                .map(cell -> cell instanceof Long number ? (Object) number.intValue() : cell)
                .toList();
        assertThat(shown).isEqualTo(YAML.readValue(cells, List.class));
    }
}
