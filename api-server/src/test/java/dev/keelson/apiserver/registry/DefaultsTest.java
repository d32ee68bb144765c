package dev.keelson.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code defaults.go} of Kubernetes' groups makes of the shortest objects: everything that they do not say. */
class DefaultsTest {
    private static final String TEMPLATE_SPEC =
            "restartPolicy: RESTART, terminationGracePeriodSeconds: 30, dnsPolicy: ClusterFirst, securityContext: {},"
                    + " schedulerName: default-scheduler, containers: [CONTAINER]";
    private static final String CONTAINER =
            "{name: c, image: i, imagePullPolicy: Always, terminationMessagePath: /dev/termination-log,"
                    + " terminationMessagePolicy: File, resources: {}}";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            pods | {spec: {containers: [{name: c, image: i}]}} | {spec: {TEMPLATE(Always), enableServiceLinks: true}}
            pods | {spec: {hostNetwork: true, containers: [{name: c, image: 'i:1', ports: [{containerPort: 5}], livenessProbe: {httpGet: {port: 1}}, readinessProbe: {grpc: {port: 2}}, lifecycle: {preStop: {httpGet: {port: 3}}}, env: [{name: A, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]}]}} | {spec: {hostNetwork: true, restartPolicy: Always, terminationGracePeriodSeconds: 30, dnsPolicy: ClusterFirst, securityContext: {}, schedulerName: default-scheduler, enableServiceLinks: true, containers: [{name: c, image: 'i:1', imagePullPolicy: IfNotPresent, terminationMessagePath: /dev/termination-log, terminationMessagePolicy: File, resources: {}, ports: [{containerPort: 5, hostPort: 5, protocol: TCP}], livenessProbe: {httpGet: {port: 1, path: /, scheme: HTTP}, timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3}, readinessProbe: {grpc: {port: 2, service: ''}, timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3}, lifecycle: {preStop: {httpGet: {port: 3, path: /, scheme: HTTP}}}, env: [{name: A, valueFrom: {fieldRef: {fieldPath: metadata.name, apiVersion: v1}}}]}]}}
            services | {spec: {ports: [{port: 80}]}} | {spec: {type: ClusterIP, sessionAffinity: None, internalTrafficPolicy: Cluster, ports: [{port: 80, protocol: TCP, targetPort: 80}]}}
            services | {spec: {type: LoadBalancer, sessionAffinity: ClientIP, ports: [{port: 80, targetPort: web}]}} | {spec: {type: LoadBalancer, sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: {timeoutSeconds: 10800}}, externalTrafficPolicy: Cluster, internalTrafficPolicy: Cluster, allocateLoadBalancerNodePorts: true, ports: [{port: 80, protocol: TCP, targetPort: web}]}}
            services | {spec: {externalIPs: [192.0.2.1], ports: [{port: 80}]}} | {spec: {type: ClusterIP, externalIPs: [192.0.2.1], sessionAffinity: None, externalTrafficPolicy: Cluster, internalTrafficPolicy: Cluster, ports: [{port: 80, protocol: TCP, targetPort: 80}]}}
            services | {spec: {type: ExternalName, externalName: a.b}} | {spec: {type: ExternalName, externalName: a.b, sessionAffinity: None}}
            secrets | {stringData: {a: b}} | {type: Opaque, data: {a: Yg==}}
            namespaces | {metadata: {name: n}} | {metadata: {name: n, labels: {kubernetes.io/metadata.name: n}}}
            endpoints | {subsets: [{addresses: [{ip: 10.0.0.1}], ports: [{port: 1}]}]} | {subsets: [{addresses: [{ip: 10.0.0.1}], ports: [{port: 1, protocol: TCP}]}]}
            persistentvolumes | {spec: {hostPath: {path: /x}}} | {spec: {hostPath: {path: /x, type: ''}, persistentVolumeReclaimPolicy: Retain, volumeMode: Filesystem}}
            persistentvolumeclaims | {spec: {}} | {spec: {volumeMode: Filesystem}}
            deployments.apps | {spec: {template: {spec: {containers: [{name: c, image: i}]}}}} | {spec: {replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600, strategy: {type: RollingUpdate, rollingUpdate: {maxUnavailable: 25%, maxSurge: 25%}}, template: {spec: {TEMPLATE(Always)}}}}
            deployments.apps | {spec: {strategy: {type: Recreate}}} | {spec: {replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600, strategy: {type: Recreate}}}
            replicasets.apps | {spec: {}} | {spec: {replicas: 1}}
            statefulsets.apps | {spec: {}} | {spec: {replicas: 1, revisionHistoryLimit: 10, podManagementPolicy: OrderedReady, updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 0}}, persistentVolumeClaimRetentionPolicy: {whenDeleted: Retain, whenScaled: Retain}}}
            daemonsets.apps | {spec: {}} | {spec: {revisionHistoryLimit: 10, updateStrategy: {type: RollingUpdate, rollingUpdate: {maxUnavailable: 1, maxSurge: 0}}}}
            jobs.batch | {spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: i}]}}}} | {spec: {completions: 1, parallelism: 1, backoffLimit: 6, completionMode: NonIndexed, suspend: false, podReplacementPolicy: TerminatingOrFailed, template: {spec: {TEMPLATE(Never)}}}}
            jobs.batch | {spec: {parallelism: 3}} | {spec: {parallelism: 3, backoffLimit: 6, completionMode: NonIndexed, suspend: false, podReplacementPolicy: TerminatingOrFailed}}
            cronjobs.batch | {spec: {schedule: '@daily'}} | {spec: {schedule: '@daily', concurrencyPolicy: Allow, suspend: false, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1}}
            horizontalpodautoscalers.autoscaling | {spec: {maxReplicas: 3}} | {spec: {maxReplicas: 3, minReplicas: 1, metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}}]}}
            networkpolicies.networking.k8s.io | {spec: {egress: [{ports: [{port: 1}]}]}} | {spec: {egress: [{ports: [{port: 1, protocol: TCP}]}], policyTypes: [Ingress, Egress]}}
            ingressclasses.networking.k8s.io | {spec: {parameters: {kind: K, name: n}}} | {spec: {parameters: {kind: K, name: n, scope: Cluster}}}
            storageclasses.storage.k8s.io | {provisioner: p} | {provisioner: p, reclaimPolicy: Delete, volumeBindingMode: Immediate}
            priorityclasses.scheduling.k8s.io | {value: 5} | {value: 5, preemptionPolicy: PreemptLowerPriority}
            rolebindings.rbac.authorization.k8s.io | {roleRef: {kind: Role, name: r}, subjects: [{kind: User, name: u}, {kind: ServiceAccount, name: s}]} | {roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}, subjects: [{kind: User, name: u, apiGroup: rbac.authorization.k8s.io}, {kind: ServiceAccount, name: s}]}
            endpointslices.discovery.k8s.io | {ports: [{port: 1}]} | {ports: [{port: 1, name: '', protocol: TCP}]}
            limitranges | {spec: {limits: [{type: Container, max: {cpu: 2}, min: {cpu: 1}}]}} | {spec: {limits: [{type: Container, max: {cpu: 2}, min: {cpu: 1}, default: {cpu: 2}, defaultRequest: {cpu: 2}}]}}
            """)
    void shortObjectsAreCompleted(String kind, String given, String whole) {
        ObjectNode object = (ObjectNode) KindRows.yaml(given);
        ObjectNode twice = (ObjectNode) KindRows.yaml(given);
        ResourceStrategy strategy = KindRows.kind(kind).strategy();
        strategy.applyDefaults(object);
        strategy.applyDefaults(twice);
        strategy.applyDefaults(twice);
        String expected = whole.replaceAll("TEMPLATE\\((\\w+)\\)", TEMPLATE_SPEC.replace("RESTART", "$1"))
                .replace("CONTAINER", CONTAINER);
        assertThat(object).isEqualTo(KindRows.yaml(expected));
        assertThat(twice).isEqualTo(object);
    }
}
