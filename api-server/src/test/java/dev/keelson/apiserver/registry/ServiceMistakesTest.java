package dev.keelson.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes with which type of Service, what a change of the type takes with it, and what may be an endpoint. */
class ServiceMistakesTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {loadBalancerClass: a/b} | spec.loadBalancerClass | Forbidden: may only be used when `type` is 'LoadBalancer'
            {allocateLoadBalancerNodePorts: true} | spec.allocateLoadBalancerNodePorts | Forbidden: may only be used when `type` is 'LoadBalancer'
            {loadBalancerSourceRanges: [10.0.0.0/8]} | spec.LoadBalancerSourceRanges | Forbidden: may only be used when `type` is 'LoadBalancer'
            {externalTrafficPolicy: Local} | spec.externalTrafficPolicy | Invalid value: "Local": may only be set for externally-accessible services
            {type: NodePort, healthCheckNodePort: 30000} | spec.healthCheckNodePort | Invalid value: 30000: may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'
            {type: LoadBalancer, ports: [{port: 10250}]} | spec.ports[0] | Invalid value: 10250: may not expose port 10250 externally since it is used by kubelet
            {type: NodePort, ports: [{name: a, port: 1, nodePort: 30000}, {name: b, port: 2, nodePort: 30000}]} | spec.ports[1].nodePort | Duplicate value: 30000
            {type: ExternalName, externalName: a.b, ipFamilyPolicy: SingleStack} | spec.ipFamilyPolicy | Forbidden: may not be set for ExternalName services
            {type: ExternalName, externalName: a.b, clusterIP: 10.96.0.9} | spec.clusterIPs | Forbidden: may not be set for ExternalName services
            {ports: [{name: a, port: 1}, {name: b, port: 1}]} | spec.ports[1] | Duplicate value: core.ServicePort{Name:"", Protocol:"TCP", AppProtocol:(*string)(nil), Port:1, TargetPort:intstr.IntOrString{Type:0, IntVal:0, StrVal:""}, NodePort:0}
            {ports: [{port: 1, appProtocol: 'a b'}]} | spec.ports[0].appProtocol | Invalid value: "a b": name part must consist
            {externalIPs: [127.0.0.1]} | spec.externalIPs[0] | Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)
            {externalIPs: [169.254.1.1]} | spec.externalIPs[0] | Invalid value: "169.254.1.1": may not be in the link-local range (169.254.0.0/16, fe80::/10)
            {externalIPs: [0.0.0.0]} | spec.externalIPs[0] | Invalid value: "0.0.0.0": may not be unspecified (0.0.0.0)
            {sessionAffinityConfig: {clientIP: {timeoutSeconds: 5}}} | spec.sessionAffinityConfig | Forbidden: must not be set when session affinity is None
            {ipFamilies: [IPv4, IPv4]} | spec.ipFamilies[1] | Duplicate value: "IPv4"
            {ipFamilies: [IPv5]} | spec.ipFamilies[0] | Unsupported value: "IPv5": supported values: "IPv4", "IPv6"
            {ipFamilyPolicy: Both} | spec.ipFamilyPolicy | Unsupported value: "Both": supported values: "PreferDualStack", "RequireDualStack", "SingleStack"
            {clusterIP: None, clusterIPs: [None, 10.96.0.4]} | spec.clusterIPs | Invalid value: []string{"None", "10.96.0.4"}: 'None' must be the first and only value
            {trafficDistribution: Far} | spec.trafficDistribution | Unsupported value: "Far": supported values: "PreferClose"
            """)
    void mistakesAreNamed(String spec, String field, String message) {
        ObjectNode service = service(spec);
        if (!service.at("/spec").has("ports")) {
            service.withObject("/spec").putArray("ports").addObject().put("port", 80);
        }
        KindRows.expect(KindRows.problems("services", service), field, message);
    }

    @ParameterizedTest
    @CsvSource({"ClusterIP,false", "LoadBalancer,true"})
    void whoIsNoLongerBalancedHasNoAddressOutside(String after, boolean kept) {
        ObjectNode old = KindRows.created("services", service("{type: LoadBalancer, ports: [{port: 80}]}"));
        old.withObject("/status/loadBalancer").withArray("/ingress").addObject().put("ip", "192.0.2.1");
        ObjectNode updated = old.deepCopy();
        updated.withObject("/spec").put("type", after);
        KindRows.kind("services").strategy().prepareForUpdate(updated, old);
        assertThat(updated.at("/status/loadBalancer/ingress").isEmpty()).isEqualTo(!kept);
        updated.withObject("/spec").put("type", "ClusterIP");
        updated.set("status", old.path("status"));
        assertThat(KindRows.kind("services").strategy().validate(updated))
                .extracting(error -> error.field() + ": " + error.message())
                .contains("status.loadBalancer.ingress: Forbidden: may only be used when `spec.type` is"
                        + " \"LoadBalancer\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            NodePort     | ClusterIP    | {nodePort: 30001} | {}
            LoadBalancer | ClusterIP    | {nodePort: 30001} | {}
            LoadBalancer | NodePort     | {nodePort: 30001} | {nodePort: 30001}
            ClusterIP    | ExternalName | {}                | {}
            """)
    void aPatchOfTheTypeAloneDoes(String before, String after, String port, String left) {
        ResourceStrategy strategy = KindRows.kind("services").strategy();
        ObjectNode old = service("{type: " + before + ", clusterIP: 10.96.0.7, ipFamilies: [IPv4],"
                + " ipFamilyPolicy: SingleStack, externalName: a.b, ports: [{port: 80}]}");
        strategy.applyDefaults(old);
        ((ObjectNode) old.at("/spec/ports/0")).setAll((ObjectNode) KindRows.yaml(port));
        ObjectNode updated = old.deepCopy();
        updated.withObject("/spec").put("type", after);

        strategy.applyDefaults(updated);
        strategy.prepareForUpdate(updated, old);

        assertThat(strategy.validate(updated)).isEmpty();
        assertThat(strategy.validateUpdate(updated, old)).isEmpty();
        assertThat(updated.at("/spec/ports/0/nodePort"))
                .isEqualTo(KindRows.yaml(left).path("nodePort"));
        assertThat(updated.at("/spec/clusterIP").isMissingNode()).isEqualTo(after.equals("ExternalName"));
    }

    @Test
    void whoAsksForTooMuchWithTheTypeIsToldSo() {
        ResourceStrategy strategy = KindRows.kind("services").strategy();
        ObjectNode old = service("{type: NodePort, ports: [{port: 80, nodePort: 30001}]}");
        ObjectNode updated = service("{type: ClusterIP, ports: [{port: 80, nodePort: 30002}]}");
        strategy.applyDefaults(old);
        strategy.applyDefaults(updated);
        strategy.prepareForUpdate(updated, old);
        assertThat(strategy.validate(updated))
                .extracting(FieldError::message)
                .containsExactly("Forbidden: may not be used when `type` is 'ClusterIP'");
    }

    @Test
    void theClassOfALoadBalancerStays() {
        ResourceStrategy strategy = KindRows.kind("services").strategy();
        ObjectNode old = service("{type: LoadBalancer, loadBalancerClass: a/b, ports: [{port: 80}]}");
        ObjectNode updated = service("{type: LoadBalancer, loadBalancerClass: a/c, ports: [{port: 80}]}");
        assertThat(strategy.validateUpdate(updated, old))
                .extracting(FieldError::field)
                .containsExactly("spec.loadBalancerClass");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            endpoints | {subsets: [{ports: [{port: 1}]}]} | subsets[0] | Required value: must specify `addresses` or `notReadyAddresses`
            endpoints | {subsets: [{addresses: [{ip: 127.0.0.1}]}]} | subsets[0].addresses[0].ip | Invalid value: "127.0.0.1": may not be in the loopback range
            endpoints | {subsets: [{addresses: [{ip: 10.0.0.1}], ports: [{port: 1}, {port: 2}]}]} | subsets[0].ports[0].name | Required value
            endpoints | {subsets: [{addresses: [{ip: 10.0.0.1}], ports: [{port: 1, protocol: IP}]}]} | subsets[0].ports[0].protocol | Unsupported value: "IP": supported values: "SCTP", "TCP", "UDP"
            endpointslices.discovery.k8s.io | {addressType: IPv6, endpoints: [{addresses: ['::1']}]} | endpoints[0].addresses[0] | Invalid value: "::1": may not be in the loopback range
            endpointslices.discovery.k8s.io | {addressType: IPv4, endpoints: [{addresses: [10.0.0.1], hints: {forZones: [{name: a}, {name: a}]}}]} | endpoints[0].hints.forZones[1].name | Duplicate value: "a"
            """)
    void endpoints(String kind, String yaml, String field, String message) {
        KindRows.expect(KindRows.problems(kind, (ObjectNode) KindRows.yaml(yaml)), field, message);
    }

    @Test
    void serversOfTheApiMayHaveNoOtherAddress() {
        ObjectNode own = (ObjectNode) KindRows.yaml(
                "{metadata: {name: kubernetes, namespace: default}, subsets: [{addresses: [{ip: 127.0.0.1}]}]}");
        assertThat(KindRows.problems("endpoints", own)).isEmpty();
    }

    private static ObjectNode service(String spec) {
        return (ObjectNode) KindRows.yaml("{metadata: {name: s}, spec: " + spec + "}");
    }
}
