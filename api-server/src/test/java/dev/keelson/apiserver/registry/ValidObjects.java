package dev.keelson.apiserver.registry;

/** Objects that use many fields and have no mistake; tests break them one by one. */
final class ValidObjects {
    static final String POD = """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: shop, labels: {app: web}, annotations: {a: b}, finalizers: [example.com/f]}
            spec:
              serviceAccountName: robot
              hostname: web
              terminationGracePeriodSeconds: 5
              nodeSelector: {disk: ssd}
              tolerations: [{key: a, operator: Exists, effect: NoExecute, tolerationSeconds: 30}]
              imagePullSecrets: [{name: reg}]
              securityContext: {runAsUser: 1000, fsGroup: 2000, seccompProfile: {type: RuntimeDefault}}
              hostAliases: [{ip: 10.0.0.1, hostnames: [db.local]}]
              initContainers:
              - {name: init, image: "busybox:1", command: [sh, -c, "true"]}
              - {name: side, image: "proxy:1", restartPolicy: Always, startupProbe: {tcpSocket: {port: 15000}}}
              containers:
              - name: web
                image: "reg.local:5000/web@sha256:0000000000000000000000000000000000000000000000000000000000000000"
                args: [serve]
                workingDir: /srv
                ports: [{name: http, containerPort: 8080}, {containerPort: 9090, protocol: UDP}]
                env:
                - {name: A, value: b}
                - {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
                - {name: TEAM, valueFrom: {fieldRef: {fieldPath: "metadata.labels['app']"}}}
                - {name: PASSWORD, valueFrom: {secretKeyRef: {name: s, key: k}}}
                envFrom: [{prefix: X_, configMapRef: {name: m}}]
                resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {cpu: 1, memory: 128Mi}}
                livenessProbe: {httpGet: {path: /healthz, port: http}, periodSeconds: 5}
                readinessProbe: {exec: {command: ["true"]}, successThreshold: 2}
                lifecycle: {preStop: {sleep: {seconds: 2}}}
                securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
                volumeMounts:
                - {name: data, mountPath: /data}
                - {name: conf, mountPath: /etc/app.conf, subPath: app.conf, readOnly: true}
              volumes:
              - {name: data, emptyDir: {medium: Memory, sizeLimit: 1Gi}}
              - {name: conf, configMap: {name: m, defaultMode: 256, items: [{key: app.conf, path: app.conf}]}}
              - {name: all, projected: {sources: [{secret: {name: s}}, {serviceAccountToken: {path: token}}]}}
              - {name: host, hostPath: {path: /var/lib/x, type: DirectoryOrCreate}}
              topologySpreadConstraints: [{maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway}]
            status: {phase: Running, podIPs: [{ip: 10.0.0.2}], containerStatuses: [{name: web, ready: true, state: {running: {}}}]}
            """;

    static final String DEFINITION = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: things.example.com}
            spec:
              group: example.com
              scope: Namespaced
              names: {plural: things, singular: thing, kind: Thing, listKind: ThingList, shortNames: [t], categories: [all]}
              conversion:
                strategy: Webhook
                webhook: {conversionReviewVersions: [v1], clientConfig: {service: {namespace: a, name: b, path: /c, port: 443}}}
              versions:
              - name: v1
                served: true
                storage: true
                deprecated: true
                deprecationWarning: use another
                selectableFields: [{jsonPath: .spec.a}]
                subresources: {status: {}, scale: {specReplicasPath: .spec.n, statusReplicasPath: .status.n, labelSelectorPath: .status.s}}
                additionalPrinterColumns: [{name: A, type: string, jsonPath: ".status.list[?(@.k=='a')].v", priority: 1}]
                schema:
                  openAPIV3Schema:
                    type: object
                    properties:
                      metadata: {type: object, properties: {name: {type: string, maxLength: 10}}}
                      spec:
                        type: object
                        required: [a]
                        properties:
                          a: {type: string, default: x, pattern: "^x", enum: [x, y]}
                          n: {type: integer, minimum: 0, default: 1}
                          any: {x-kubernetes-int-or-string: true}
                          pod: {type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true}
                          map: {type: object, additionalProperties: {type: string}}
                        oneOf: [{required: [a]}, {properties: {n: {minimum: 5}}}]
                      status:
                        type: object
                        properties:
                          n: {type: integer}
                          s: {type: string}
                          list:
                            type: array
                            x-kubernetes-list-type: map
                            x-kubernetes-list-map-keys: [k]
                            items: {type: object, required: [k], properties: {k: {type: string}, v: {type: string}}}
            status: {storedVersions: [v1]}
            """;

    static final String DEPLOYMENT = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              replicas: 3
              minReadySeconds: 5
              selector: {matchLabels: {app: web}, matchExpressions: [{key: app, operator: In, values: [web]}]}
              strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}
              template:
                metadata: {labels: {app: web}, annotations: {restarted: now}}
                spec: {containers: [{name: web, image: "web:1"}]}
            """;

    static final String SERVICE = """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec:
              type: LoadBalancer
              clusterIP: 10.96.0.10
              externalIPs: [192.0.2.1]
              loadBalancerSourceRanges: [10.0.0.0/8]
              sessionAffinity: ClientIP
              selector: {app: web}
              ports: [{name: http, port: 80, targetPort: http, nodePort: 30080}, {name: dns, port: 53, protocol: UDP}]
            """;

    private ValidObjects() {}
}
