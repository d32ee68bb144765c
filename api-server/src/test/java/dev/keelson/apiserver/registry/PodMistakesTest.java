package dev.keelson.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Kubernetes' {@code core/validation} finds wrong with pods beside the commonest mistakes ({@link ValidationTest}). */
class PodMistakesTest {
    private static final String C = "{name: c, image: i";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {}}} | spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms | Required value: must have at least one node selector term
            affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: a, operator: In}]}]}}} | spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].values | Required value: must be specified when `operator` is 'In' or 'NotIn'
            affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: a, operator: Gt, values: ['1', '2']}]}]}}} | spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].values | Required value: must be specified single value when `operator` is 'Lt' or 'Gt'
            affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: a, operator: Exists, values: [x]}]}]}}} | spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].values | Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'
            affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: a, operator: Like}]}]}}} | spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].operator | Invalid value: "Like": not a valid selector operator
            affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchFields: [{key: spec.x, operator: In, values: [n]}]}]}}} | spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchFields[0].key | Invalid value: "spec.x": not a valid field selector key
            affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchFields: [{key: metadata.name, operator: In, values: [n, m]}]}]}}} | spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchFields[0].values | Required value: must be only one value when `operator` is 'In' or 'NotIn' for node field selector
            affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 101, preference: {}}]}} | spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight | Invalid value: 101: must be in the range 1-100
            affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: a, namespaces: [N_o]}]}} | spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].namespace | Invalid value: "N_o": a lowercase RFC 1123 label must
            affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: a, namespaceSelector: {matchExpressions: [{key: a, operator: In}]}}]}} | spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].namespaceSelector.matchExpressions[0].values | Required value
            topologySpreadConstraints: [{maxSkew: 1, topologyKey: a, whenUnsatisfiable: ScheduleAnyway, minDomains: 2}] | spec.topologySpreadConstraints[0].minDomains | Invalid value: 2: can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ScheduleAnyway
            topologySpreadConstraints: [{maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule, minDomains: 0}] | spec.topologySpreadConstraints[0].minDomains | Invalid value: 0: must be greater than zero
            topologySpreadConstraints: [{maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule}, {maxSkew: 2, topologyKey: a, whenUnsatisfiable: DoNotSchedule}] | spec.topologySpreadConstraints[0].{topologyKey, whenUnsatisfiable} | Duplicate value: "{a, DoNotSchedule}"
            topologySpreadConstraints: [{maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule, nodeTaintsPolicy: Maybe}] | spec.topologySpreadConstraints[0].nodeTaintsPolicy | Unsupported value: "Maybe": supported values: "Honor", "Ignore"
            topologySpreadConstraints: [{maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule, matchLabelKeys: [a]}] | spec.topologySpreadConstraints[0].matchLabelKeys | Forbidden: must not be specified when labelSelector is not set
            schedulingGates: [{name: a}, {name: a}] | spec.schedulingGates[1] | Duplicate value: "a"
            readinessGates: [{conditionType: 'a b'}] | spec.readinessGates[0].conditionType | Invalid value: "a b": name part must consist
            preemptionPolicy: Sometimes | spec.preemptionPolicy | Unsupported value: "Sometimes": supported values: "PreemptLowerPriority", "Never"
            dnsConfig: {searches: ['No Good']} | spec.dnsConfig.searches[0] | Invalid value: "No Good"
            dnsConfig: {options: [{value: x}]} | spec.dnsConfig.options[0] | Required value: must not be empty
            hostUsers: false, hostNetwork: true | spec.hostNetwork | Forbidden: when `pod.Spec.HostUsers` is false
            hostNetwork: true, securityContext: {sysctls: [{name: net/ipv4/ip_forward, value: '1'}]} | spec.securityContext.sysctls[0].name | Invalid value: "net/ipv4/ip_forward": may not be specified when 'hostNetwork' is true
            hostIPC: true, securityContext: {sysctls: [{name: kernel.shmmax, value: '1'}]} | spec.securityContext.sysctls[0].name | Invalid value: "kernel.shmmax": may not be specified when 'hostIPC' is true
            os: {name: plan9} | spec.os | Unsupported value: "plan9": supported values: "linux", "windows"
            volumes: [{name: v, nfs: {server: s, path: x}}] | spec.volumes[0].nfs.path | Invalid value: "x": must be an absolute path
            volumes: [{name: v, iscsi: {targetPortal: p, iqn: x, lun: 1}}] | spec.volumes[0].iscsi.iqn | Invalid value: "x": must be valid format
            volumes: [{name: v, iscsi: {iqn: 'iqn.2001-04.com.example:a'}}] | spec.volumes[0].iscsi.targetPortal | Required value
            volumes: [{name: v, iscsi: {targetPortal: p, iqn: 'iqn.2001-04.com.example:a', lun: 256}}] | spec.volumes[0].iscsi.lun | Invalid value: 256: must be between 0 and 255, inclusive
            volumes: [{name: v, iscsi: {targetPortal: p, iqn: 'iqn.2001-04.com.example:a', chapAuthSession: true}}] | spec.volumes[0].iscsi.secretRef | Required value
            volumes: [{name: v, awsElasticBlockStore: {}}] | spec.volumes[0].awsElasticBlockStore.volumeID | Required value
            volumes: [{name: v, gcePersistentDisk: {pdName: d, partition: 300}}] | spec.volumes[0].persistentDisk.partition | Invalid value: 300: must be between 1 and 255, inclusive
            volumes: [{name: v, azureDisk: {diskName: d}}] | spec.volumes[0].azureDisk.diskURI | Required value
            volumes: [{name: v, rbd: {image: i}}] | spec.volumes[0].rbd.monitors | Required value
            volumes: [{name: v, fc: {targetWWNs: [a]}}] | spec.volumes[0].fc.lun | Required value: lun is required if targetWWNs is specified
            volumes: [{name: v, fc: {}}] | spec.volumes[0].fc.targetWWNs | Required value: must specify either targetWWNs or wwids, but not both
            volumes: [{name: v, flocker: {}}] | spec.volumes[0].flocker | Required value: one of datasetName and datasetUUID is required
            os: {name: linux}, securityContext: {windowsOptions: {runAsUserName: a}} | spec.securityContext.windowsOptions | Forbidden: windows options cannot be set for a linux pod
            os: {name: windows}, hostPID: true | spec.hostPID | Forbidden: cannot be set for a windows pod
            os: {name: windows}, securityContext: {runAsUser: 1} | spec.securityContext.runAsUser | Forbidden: cannot be set for a windows pod
            securityContext: {windowsOptions: {runAsUserName: ''}} | spec.securityContext.windowsOptions.runAsUserName | Invalid value: "": runAsUserName cannot be an empty string
            securityContext: {windowsOptions: {hostProcess: true}} | spec.hostNetwork | Invalid value: false: hostNetwork must be true if pod contains any hostProcess containers
            resourceClaims: [{name: a}] | spec.resourceClaims[0] | Invalid value: {"name":"a"}: must specify one of: `resourceClaimName`, `resourceClaimTemplateName`
            resourceClaims: [{name: a, resourceClaimName: x, resourceClaimTemplateName: y}] | spec.resourceClaims[0] | Invalid value: {"name":"a","resourceClaimName":"x","resourceClaimTemplateName":"y"}: at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified
            resourceClaims: [{name: a, resourceClaimName: x}, {name: a, resourceClaimName: y}] | spec.resourceClaims[1].name | Duplicate value: "a"
            volumes: [{name: v, csi: {}}] | spec.volumes[0].csi.driver | Required value
            volumes: [{name: v, csi: {driver: d, nodePublishSecretRef: {name: S_}}}] | spec.volumes[0].csi.name | Invalid value: "S_": a lowercase RFC 1123 subdomain
            volumes: [{name: v, emptyDir: {}, cephfs: {}}] | spec.volumes[0].cephFS | Forbidden: may not specify more than 1 volume type
            volumes: [{name: v, hostPath: {path: /a, type: Dir}}] | spec.volumes[0].hostPath.type | Unsupported value: "Dir": supported values: "", "BlockDevice"
            volumes: [{name: v, nfs: {server: s}}] | spec.volumes[0].nfs.path | Invalid value: "": must be an absolute path
            volumes: [{name: v, secret: {secretName: s, items: [{key: k, path: ..a}]}}] | spec.volumes[0].secret.items[0].path | Invalid value: "..a": must not start with '..'
            volumes: [{name: v, gitRepo: {repository: r, directory: /a}}] | spec.volumes[0].gitRepo.directory | Invalid value: "/a": must be a relative path
            volumes: [{name: v, flexVolume: {driver: d, options: {a.k8s.io/x: y}}}] | spec.volumes[0].flexVolume.options[a.k8s.io/x] | Invalid value: "a.k8s.io/x": kubernetes.io and k8s.io namespaces are reserved
            volumes: [{name: v, azureDisk: {diskName: d, diskURI: x}}] | spec.volumes[0].azureDisk.diskURI | Unsupported value: "x": supported values: "https://{account-name}
            volumes: [{name: v, cinder: {volumeID: x, secretRef: {}}}] | spec.volumes[0].cinder.secretRef.name | Required value
            volumes: [{name: v, quobyte: {registry: r, volume: x}}] | spec.volumes[0].quobyte.registry | Invalid value: "r": must be a host:port pair
            volumes: [{name: v, storageos: {volumeName: A}}] | spec.volumes[0].storageos.volumeName | Invalid value: "A"
            volumes: [{name: v, iscsi: {targetPortal: p, iqn: iqn.2001-04.a}}] | spec.volumes[0].iscsi.iqn | Invalid value: "iqn.2001-04.a": must be valid format
            volumes: [{name: v, ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}}}, {name: w, persistentVolumeClaim: {claimName: p-v}}] | spec.volumes[1].persistentVolumeClaim.claimName | Invalid value: "p-v": must not reference a PVC that gets created for an ephemeral volume
            volumes: [{name: v, ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}, dataSource: {kind: A, name: b}}}}}] | spec.volumes[0].ephemeral.volumeClaimTemplate.spec.dataSource | Invalid value: "A": must be 'PersistentVolumeClaim' when referencing the default apiGroup
            volumes: [{name: v, projected: {sources: [{serviceAccountToken: {}}]}}] | spec.volumes[0].projected.path | Required value
            volumes: [{name: v, projected: {sources: [{clusterTrustBundle: {path: a}}]}}] | spec.volumes[0].projected.sources[0].clusterTrustBundle | Required value: either name or signerName must be specified
            overhead: {gold: 1} | spec.overhead.limits[gold] | Invalid value: "gold": must be a standard resource for containers
            initContainers: [{name: i, image: i, ports: [{containerPort: 1, hostPort: 5}, {containerPort: 2, hostPort: 5}]}] | spec.initContainers[0].ports[1].hostPort | Duplicate value: "TCP//5"
            dnsPolicy: Any | spec.dnsPolicy | Unsupported value: "Any": supported values: "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"
            hostUsers: false, hostPID: true | spec.HostPID | Forbidden: when `pod.Spec.HostUsers` is false
            restartPolicy: Never, initContainers: [{name: i, image: i, resizePolicy: [{resourceName: cpu, restartPolicy: RestartContainer}]}] | spec.initContainers[0].resizePolicy | Invalid value: "RestartContainer": must be 'NotRequired' when `restartPolicy` is 'Never'
            affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{}]}} | spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey | Invalid value: "": name part must be non-empty
            affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: a, matchLabelKeys: [b]}]}} | spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].matchLabelKeys | Forbidden: must not be specified when labelSelector is not set
            affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: a, labelSelector: {}, matchLabelKeys: [b], mismatchLabelKeys: [b]}]}} | spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].matchLabelKeys[0] | Invalid value: "b": exists in both matchLabelKeys and mismatchLabelKeys
            volumes: [{name: v, ephemeral: {}}] | spec.volumes[0].ephemeral.volumeClaimTemplate | Required value
            volumes: [{name: v, ephemeral: {volumeClaimTemplate: {spec: {resources: {requests: {storage: 1Gi}}}}}}] | spec.volumes[0].ephemeral.volumeClaimTemplate.spec.accessModes | Required value: at least 1 access mode is required
            volumes: [{name: v, ephemeral: {volumeClaimTemplate: {spec: {accessModes: [Any], resources: {requests: {storage: 1Gi}}}}}}] | spec.volumes[0].ephemeral.volumeClaimTemplate.spec.accessModes | Unsupported value: "Any": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"
            volumes: [{name: v, ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce]}}}}] | spec.volumes[0].ephemeral.volumeClaimTemplate.spec.resources[storage] | Required value
            volumes: [{name: v, ephemeral: {volumeClaimTemplate: {metadata: {name: mine}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}}}] | spec.volumes[0].ephemeral.volumeClaimTemplate.metadata.name | Forbidden: cannot be set
            volumes: [{name: v, ephemeral: {volumeClaimTemplate: {metadata: {labels: {a: "-"}}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}}}] | spec.volumes[0].ephemeral.volumeClaimTemplate.metadata.labels | Invalid value: "-"
            volumes: [{name: v, image: {pullPolicy: Often}}] | spec.volumes[0].image.reference | Required value
            volumes: [{name: v, downwardAPI: {items: [{path: a}]}}] | spec.volumes[0].downwardAPI | Required value: one of fieldRef and resourceFieldRef is required
            volumes: [{name: v, downwardAPI: {items: [{path: a, fieldRef: {fieldPath: status.podIP}}]}}] | spec.volumes[0].downwardAPI.fieldRef.fieldPath | Unsupported value: "status.podIP": supported values: "metadata.annotations", "metadata.labels"
            volumes: [{name: v, downwardAPI: {items: [{path: a, resourceFieldRef: {resource: limits.cpu}}]}}] | spec.volumes[0].downwardAPI.resourceFieldRef.containerName | Required value
            volumes: [{name: v, downwardAPI: {items: [{path: ../a, fieldRef: {fieldPath: metadata.name}}]}}] | spec.volumes[0].downwardAPI.path | Invalid value: "../a": must not contain '..'
            volumes: [{name: v, projected: {sources: [{secret: {name: a}, configMap: {name: b}}]}}] | spec.volumes[0].projected.sources[0] | Forbidden: may not specify more than 1 volume type per source
            volumes: [{name: v, projected: {sources: [{secret: {name: a, items: [{key: x, path: p}]}}, {configMap: {name: b, items: [{key: y, path: p}]}}]}}] | spec.volumes[0].projected | Invalid value: "b": conflicting duplicate paths
            volumes: [{name: v, projected: {sources: [{serviceAccountToken: {path: t, expirationSeconds: 5}}]}}] | spec.volumes[0].projected.sources[0].serviceAccountToken.expirationSeconds | Invalid value: 5: may not specify a duration less than 10 minutes
            """)
    void podsAsAWhole(String spec, String field, String message) {
        KindRows.expect(problems("{" + spec + ", containers: [" + C + "}]}"), field, message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            resources: {claims: [{name: a}]} | resources.claims[0] | Not found: "a": must be one of the names in pod.spec.resourceClaims which is empty
            resources: {limits: {example.com/gpu: 500m}} | resources.limits[example.com/gpu] | Invalid value: resource.Quantity{i:resource.int64Amount{value:500, scale:-3}, d:resource.infDecAmount{Dec:(*inf.Dec)(nil)}, s:"", Format:"DecimalSI"}: must be an integer
            resources: {limits: {cpu: 1, hugepages-2Mi: 3Mi}} | resources.limits[hugepages-2Mi] | Invalid value: "3Mi": 3Mi is not positive integer multiple of hugepages-2Mi
            resources: {limits: {requests.example.com/gpu: 1}} | resources.limits[requests.example.com/gpu] | Invalid value: "requests.example.com/gpu": doesn't follow extended resource name standard
            terminationMessagePolicy: Never | terminationMessagePolicy | Unsupported value: "Never": supported values: "File", "FallbackToLogsOnError"
            ports: [{containerPort: 1, name: My-Long-Port-Name-}] | ports[0].name | Invalid value: "My-Long-Port-Name-": must be no more than 15 characters
            ports: [{containerPort: 1, name: My-Long-Port-Name-}] | ports[0].name | Invalid value: "My-Long-Port-Name-": must not begin or end with a hyphen
            env: [{name: A, valueFrom: {configMapKeyRef: {key: k}}}] | env[0].valueFrom.configMapKeyRef.name | Invalid value: "": a lowercase RFC 1123 subdomain
            env: [{name: A, valueFrom: {fieldRef: {apiVersion: v2, fieldPath: metadata.name}}}] | env[0].valueFrom.fieldRef.fieldPath | Invalid value: "metadata.name": error converting fieldPath: unsupported pod version: v2
            envFrom: [{}] | envFrom | Invalid value: "": must specify one of: `configMapRef` or `secretRef`
            volumeMounts: [{mountPath: /x}] | volumeMounts[0].name | Not found: ""
            livenessProbe: {exec: {command: [x]}, successThreshold: -1} | livenessProbe.successThreshold | Invalid value: -1: must be 1
            livenessProbe: {httpGet: {port: 1, httpHeaders: [{name: 'a b'}]}} | livenessProbe.httpGet.httpHeaders | Invalid value: "a b": a valid HTTP header
            livenessProbe: {tcpSocket: {}} | livenessProbe.tcpSocket.port | Invalid value: 0: must be between 1 and 65535, inclusive
            resources: {claims: [{}]} | resources.claims[0] | Required value
            volumeMounts: [{name: v, mountPath: /x, mountPropagation: Bidirectional}] | volumeMounts.mountPropagation | Forbidden: Bidirectional mount propagation is available only to privileged containers
            volumeMounts: [{name: v, mountPath: /x, mountPropagation: Up}] | volumeMounts.mountPropagation | Unsupported value: "Up": supported values: "Bidirectional", "HostToContainer", "None"
            volumeMounts: [{name: v, mountPath: /x, recursiveReadOnly: Enabled}] | volumeMounts.recursiveReadOnly | Forbidden: may only be specified when readOnly is true
            volumeMounts: [{name: v, mountPath: /x, readOnly: true, recursiveReadOnly: Enabled, mountPropagation: HostToContainer}] | volumeMounts.recursiveReadOnly | Forbidden: may only be specified when mountPropagation is None or not specified
            volumeMounts: [{name: v, mountPath: /x, subPathExpr: ../y}] | volumeMounts.subPathExpr | Invalid value: "../y": must not contain '..'
            volumeDevices: [{name: v, devicePath: /dev/x}] | volumeDevices[0].name | Invalid value: "v": can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode
            volumeDevices: [{name: w, devicePath: /dev/x}] | volumeDevices[0].name | Not found: "w"
            volumeDevices: [{name: p, devicePath: /dev/../x}] | volumeDevices[0].devicePath | Invalid value: "/dev/../x": can not contain backsteps ('..')
            volumeDevices: [{name: p, devicePath: /x}], volumeMounts: [{name: p, mountPath: /x}] | volumeMounts[0].name | Invalid value: "p": must not already exist in volumeDevices
            volumeDevices: [{name: p, devicePath: /x}], volumeMounts: [{name: v, mountPath: /x}] | volumeDevices[0].devicePath | Invalid value: "/x": must not already exist as a path in volumeMounts
            env: [{name: A, valueFrom: {fieldRef: {fieldPath: metadata.whoops}}}] | env[0].valueFrom.fieldRef.fieldPath | Invalid value: "metadata.whoops": error converting fieldPath: field label not supported: metadata.whoops
            env: [{name: A, valueFrom: {fieldRef: {fieldPath: metadata.labels}}}] | env[0].valueFrom.fieldRef.fieldPath | Unsupported value: "metadata.labels": supported values: "metadata.name"
            env: [{name: A, valueFrom: {fieldRef: {fieldPath: "metadata.labels['a b']"}}}] | env[0].valueFrom.fieldRef | Invalid value: "a b": name part must consist
            env: [{name: A, valueFrom: {fieldRef: {fieldPath: "metadata.name['a']"}}}] | env[0].valueFrom.fieldRef.fieldPath | Invalid value: "metadata.name['a']": error converting fieldPath: field label does not support subscript
            env: [{name: A, valueFrom: {resourceFieldRef: {resource: limits.gold}}}] | env[0].valueFrom.resourceFieldRef.resource | Unsupported value: "limits.gold": supported values: "limits.cpu", "limits.ephemeral-storage"
            env: [{name: A, valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: 3m}}}] | env[0].valueFrom.resourceFieldRef.divisor | Invalid value: "limits.cpu": only divisor's values 1m and 1 are supported with the cpu resource
            env: [{name: A, valueFrom: {resourceFieldRef: {resource: requests.memory, divisor: 2Mi}}}] | env[0].valueFrom.resourceFieldRef.divisor | Invalid value: "requests.memory": only divisor's values 1, 1k, 1M,
            env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: 'a b'}}}] | env[0].valueFrom.secretKeyRef.key | Invalid value: "a b": a valid config key must consist
            lifecycle: {preStop: {sleep: {seconds: 31}}} | lifecycle.preStop.sleep | Invalid value: 31: must be non-negative and less than terminationGracePeriodSeconds (30)
            lifecycle: {postStart: {sleep: {seconds: -1}}} | lifecycle.postStart.sleep | Invalid value: -1: must be non-negative and less than terminationGracePeriodSeconds (30)
            resizePolicy: [{resourceName: disk, restartPolicy: NotRequired}] | resizePolicy | Unsupported value: "disk": supported values: "cpu", "memory"
            resizePolicy: [{resourceName: cpu, restartPolicy: NotRequired}, {resourceName: cpu, restartPolicy: NotRequired}] | resizePolicy[1] | Duplicate value: "cpu"
            resizePolicy: [{resourceName: cpu, restartPolicy: Reboot}] | resizePolicy | Unsupported value: "Reboot": supported values: "NotRequired", "RestartContainer"
            """)
    void containers(String container, String field, String message) {
        String volumes = "volumes: [{name: v, emptyDir: {}}, {name: p, persistentVolumeClaim: {claimName: p}}]";
        KindRows.expect(
                problems("{" + volumes + ", containers: [" + C + ", " + container + "}]}"),
                "spec.containers[0]." + field,
                message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ephemeralContainers: [{name: d, image: i}] | spec.ephemeralContainers | Forbidden: cannot be set on create
            ephemeralContainers: [{name: d, image: i, restartPolicy: Always}] | spec.ephemeralContainers[0].restartPolicy | Forbidden: cannot be set for an Ephemeral Container
            ephemeralContainers: [{name: d, image: i, livenessProbe: {}}] | spec.ephemeralContainers[0].livenessProbe | Forbidden: cannot be set for an Ephemeral Container
            ephemeralContainers: [{name: d, image: i, ports: [{containerPort: 1}]}] | spec.ephemeralContainers[0].ports | Forbidden: cannot be set for an Ephemeral Container
            ephemeralContainers: [{name: d, image: i, resources: {limits: {cpu: 1}}}] | spec.ephemeralContainers[0].resources | Forbidden: cannot be set for an Ephemeral Container
            nodeName: n, schedulingGates: [{name: g}] | spec.nodeName | Forbidden: cannot be set until all schedulingGates have been cleared
            """)
    void newPods(String spec, String field, String message) {
        ObjectNode pod = pod("{" + spec + ", containers: [" + C + "}]}");
        KindRows.expect(
                KindRows.kind("pods").strategy().validateCreate(KindRows.created("pods", pod)).stream()
                        .map(error -> error.field() + ": " + error.message())
                        .toList(),
                field,
                message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dnsConfig: {searches: ['svc.cluster.local', '_sip._tcp.example.com.', '.']}",
                "hostUsers: false",
                "affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, preference: {matchExpressions: [{key: a, operator: Lt, values: ['5']}]}}]}}",
                "affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, preference: {matchExpressions: [{key: a, operator: In, values: [' ']}]}}]}}",
                "securityContext: {seccompProfile: {type: Localhost, localhostProfile: ''}}",
                "topologySpreadConstraints: [{maxSkew: 1, topologyKey: 'no label', whenUnsatisfiable: ScheduleAnyway}]",
                "topologySpreadConstraints: [{maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule, minDomains: 2, labelSelector: {matchLabels: {a: b}}, matchLabelKeys: [pod-template-hash]}]",
                "volumes: [{name: v, downwardAPI: {items: [{path: l, fieldRef: {fieldPath: metadata.labels}}, {path: c, resourceFieldRef: {containerName: c, resource: requests.hugepages-2Mi, divisor: 1Mi}}]}}]"
            })
    void thisIsFine(String spec) {
        assertThat(problems("{" + spec + ", containers: [" + C + "}]}")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            nodeSelector: {a: b} | nodeSelector: {a: b, c: d} |
            nodeSelector: {a: b} | nodeSelector: {c: d} | spec.nodeSelector: Invalid value: map[string]string{"c":"d"}: only additions to spec.nodeSelector are allowed (no mutations or deletions)
            hostname: h | hostname: h, affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: a, operator: Exists}]}]}}} |
            """)
    void aGateLetsNodesBecomeFewer(String before, String after, String problem) {
        String gated = "{schedulingGates: [{name: g}], containers: [" + C + "}], ";
        var strategy = KindRows.kind("pods").strategy();
        ObjectNode old = KindRows.created("pods", pod(gated + before + "}"));
        ObjectNode updated = KindRows.created("pods", pod(gated + after + "}"));
        assertThat(strategy.validateUpdate(updated, old))
                .extracting(error -> error.field() + ": " + error.message())
                .isEqualTo(problem == null ? List.of() : List.of(problem));
        ((ObjectNode) old.path("spec")).remove("schedulingGates");
        ((ObjectNode) updated.path("spec")).remove("schedulingGates");
        assertThat(strategy.validateUpdate(updated, old)).isNotEmpty();
    }

    @Test
    void aVolumeThatIsWrongIsThereForNoContainer() {
        assertThat(problems("{volumes: [{name: v, nfs: {path: /a}}], containers: [" + C
                        + ", volumeMounts: [{name: v, mountPath: /x}]}]}"))
                .containsExactly(
                        "spec.volumes[0].nfs.server: Required value",
                        "spec.containers[0].volumeMounts[0].name: Not found: \"v\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            kubernetes.io/config.mirror: x | metadata.annotations[kubernetes.io/config.mirror]: Invalid value: "x": must set spec.nodeName if mirror pod annotation is set
            controller.kubernetes.io/pod-deletion-cost: '+1' | metadata.annotations[controller.kubernetes.io/pod-deletion-cost]: Invalid value: "+1": must be a 32bit integer
            controller.kubernetes.io/pod-deletion-cost: '-10' |
            controller.kubernetes.io/pod-deletion-cost: '2147483648' | metadata.annotations[controller.kubernetes.io/pod-deletion-cost]: Invalid value: "2147483648": must be a 32bit integer
            container.seccomp.security.alpha.kubernetes.io/c: any | metadata.annotations.container.seccomp.security.alpha.kubernetes.io/c: Invalid value: "any": must be a valid seccomp profile
            seccomp.security.alpha.kubernetes.io/pod: unconfined | spec.securityContext.seccompProfile.type: Forbidden: seccomp type in annotation and field must match
            seccomp.security.alpha.kubernetes.io/pod: localhost/b | spec.securityContext.seccompProfile.localhostProfile: Forbidden: seccomp profile in annotation and field must match
            container.apparmor.security.beta.kubernetes.io/c: unconfined | spec.containers[0].securityContext.appArmorProfile.type: Forbidden: apparmor type in annotation and field must match
            """)
    void annotationsOfPods(String annotation, String problem) {
        ObjectNode pod = (ObjectNode) KindRows.yaml("{metadata: {name: p, annotations: {" + annotation
                + "}}, spec: {securityContext: {seccompProfile: {type: Localhost, localhostProfile: a}}, containers: ["
                + C + ", securityContext: {appArmorProfile: {type: RuntimeDefault}}}]}}");
        assertThat(KindRows.kind("pods").strategy().validateCreate(KindRows.created("pods", pod)))
                .extracting(error -> error.field() + ": " + error.message())
                .isEqualTo(problem == null ? List.of() : List.of(problem));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            activeDeadlineSeconds: 5 | {} | spec.activeDeadlineSeconds | Invalid value: "null": must not update from a positive integer to nil value
            activeDeadlineSeconds: 5 | activeDeadlineSeconds: -1 | spec.activeDeadlineSeconds | Invalid value: -1: must be between 0 and 2147483647, inclusive
            schedulingGates: [{name: a}] | schedulingGates: [{name: a}, {name: b}] | spec.schedulingGates[1].name | Forbidden: only deletion is allowed, but found new scheduling gate 'b'
            """)
    void whatMayNotChange(String before, String after, String field, String message) {
        ObjectNode old = KindRows.created("pods", pod("{" + before + ", containers: [" + C + "}]}"));
        String more = after.strip().equals("{}") ? "" : after + ", ";
        ObjectNode updated = KindRows.created("pods", pod("{" + more + "containers: [" + C + "}]}"));
        assertThat(KindRows.kind("pods").strategy().validateUpdate(updated, old))
                .extracting(error -> error.field() + ": " + error.message())
                .containsExactly(field.strip() + ": " + message.strip());
    }

    @Test
    void whoRunsAPodMayNotChange() {
        ObjectNode old = KindRows.created("pods", pod("{containers: [" + C + "}]}"));
        ObjectNode updated = old.deepCopy();
        updated.withObject("/metadata/annotations").put("kubernetes.io/config.mirror", "x");
        assertThat(KindRows.kind("pods").strategy().validateUpdate(updated, old))
                .extracting(error -> error.field() + ": " + error.message())
                .containsExactly("metadata.annotations[kubernetes.io/config.mirror]: Forbidden: may not add mirror pod"
                        + " annotation");
    }

    @Test
    void labelKeysOfAnAffinityBecomePartOfItsSelector() {
        ObjectNode pod = (ObjectNode) KindRows.yaml("{metadata: {name: p, labels: {a: x}}, spec: {containers: [" + C
                + "}], affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: t,"
                + " labelSelector: {}, matchLabelKeys: [a, b], mismatchLabelKeys: [a]}]}}}}");
        assertThat(KindRows.created("pods", pod)
                        .at("/spec/affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/0/labelSelector")
                        .toString())
                .isEqualTo("{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"In\",\"values\":[\"x\"]},"
                        + "{\"key\":\"a\",\"operator\":\"NotIn\",\"values\":[\"x\"]}]}");
    }

    @Test
    void aGatedPodSaysWhyItWaits() {
        ObjectNode pod = KindRows.created("pods", pod("{schedulingGates: [{name: g}], containers: [" + C + "}]}"));
        assertThat(pod.at("/status/conditions/0/reason").asText()).isEqualTo("SchedulingGated");
    }

    @Test
    void imagesOfTemplatesMayHaveSpacesAroundThem() {
        String template = "spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec:"
                + " {containers: [{name: c, image: ' '}], volumes: [{name: v, image: {}}]}}}}";
        assertThat(KindRows.problems("deployments.apps", (ObjectNode)
                        KindRows.yaml("{kind: Deployment, metadata: {name: d}, " + template)))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"-5,1,true", "-5,2,false", "5,1,false"})
    void aNegativeGraceMayBecomeTheSecondThatItMeans(int before, int after, boolean fine) {
        String rest = ", containers: [" + C + "}]}";
        ObjectNode old = KindRows.created("pods", pod("{terminationGracePeriodSeconds: " + before + rest));
        ObjectNode updated = KindRows.created("pods", pod("{terminationGracePeriodSeconds: " + after + rest));
        assertThat(KindRows.kind("pods").strategy().validateUpdate(updated, old).isEmpty())
                .isEqualTo(fine);
    }

    private static List<String> problems(String spec) {
        return KindRows.problems("pods", pod(spec));
    }

    private static ObjectNode pod(String spec) {
        return (ObjectNode) KindRows.yaml("{metadata: {name: p}, spec: " + spec + "}");
    }
}
