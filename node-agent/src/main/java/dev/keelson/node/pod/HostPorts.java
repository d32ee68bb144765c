package dev.keelson.node.pod;

import dev.keelson.node.network.NetworkSandbox.HostPort;
import dev.keelson.node.pod.spec.DesiredPod;
import java.util.List;
import java.util.Objects;

/** The node's ports that a pod's containers ask for. */
final class HostPorts {
    private HostPorts() {}

    static List<HostPort> of(DesiredPod pod) {
        if (pod.hostNetwork()) {
            return List.of();
        }
        return pod.allContainers()
                .flatMap(container -> container.spec().getPorts().stream())
                .filter(port -> port.getHostPort() != null && port.getHostPort() > 0)
                .map(port -> new HostPort(
                        Objects.requireNonNullElse(port.getProtocol(), "TCP"),
                        Objects.requireNonNullElse(port.getHostIP(), ""),
                        port.getHostPort(),
                        port.getContainerPort()))
                .toList();
    }
}
