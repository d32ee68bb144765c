package dev.keelson.cni.service;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;

/** Services and EndpointSlices for tests, in namespace {@code default}. */
public final class Services {
    private Services() {}

    public static Service service(String name, String clusterIp, String protocol, int port) {
        return new ServiceBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withType("ClusterIP")
                .withClusterIP(clusterIp)
                .addNewPort()
                .withName("main")
                .withProtocol(protocol)
                .withPort(port)
                .withTargetPort(new IntOrString(8080))
                .endPort()
                .endSpec()
                .build();
    }

    public static Service withNodePort(Service service, int nodePort) {
        return new ServiceBuilder(service)
                .editSpec()
                .withType("NodePort")
                .editFirstPort()
                .withNodePort(nodePort)
                .endPort()
                .endSpec()
                .build();
    }

    public static Service withAffinity(Service service) {
        return new ServiceBuilder(service)
                .editSpec()
                .withSessionAffinity("ClientIP")
                .endSpec()
                .build();
    }

    public static EndpointSlice slice(String service, String protocol, int port, Endpoint... endpoints) {
        return new EndpointSliceBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName(service + "-abcde")
                .addToLabels("kubernetes.io/service-name", service)
                .endMetadata()
                .withAddressType("IPv4")
                .addNewPort()
                .withName("main")
                .withProtocol(protocol)
                .withPort(port)
                .endPort()
                .withEndpoints(endpoints)
                .build();
    }

    public static Endpoint ready(String address) {
        return endpoint(address, true, true, false);
    }

    public static Endpoint notReady(String address) {
        return endpoint(address, false, false, false);
    }

    public static Endpoint leaving(String address) {
        return endpoint(address, false, true, true);
    }

    /** The pod's uid is {@code uid-} and the address. */
    private static Endpoint endpoint(String address, boolean ready, boolean serving, boolean terminating) {
        return new EndpointBuilder()
                .withAddresses(address)
                .withNodeName("node-1")
                .withNewConditions()
                .withReady(ready)
                .withServing(serving)
                .withTerminating(terminating)
                .endConditions()
                .withNewTargetRef()
                .withKind("Pod")
                .withUid("uid-" + address)
                .endTargetRef()
                .build();
    }
}
