package dev.keelson.apiserver.registry.warnings;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.registry.rules.Warnings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Ports that several containers of a pod, or one of them twice, say they listen on. */
final class PortWarnings {
    private PortWarnings() {}

    private record Port(String path, String name, long hostPort, long number, String protocol, String hostIp) {
        static Port of(Tree.Item item) {
            JsonNode port = item.value();
            return new Port(
                    item.path(),
                    Tree.text(port, "name"),
                    Tree.number(port, "hostPort").orElse(0L),
                    Tree.number(port, "containerPort").orElse(0L),
                    Tree.text(port, "protocol"),
                    Tree.text(port, "hostIP"));
        }

        /** As Go prints the structure. */
        String shown() {
            return "{Name:%s HostPort:%d ContainerPort:%d Protocol:%s HostIP:%s}"
                    .formatted(name, hostPort, number, protocol, hostIp);
        }

        Optional<String> conflictWith(Port other) {
            if (hostIp.equals(other.hostIp) && hostPort == other.hostPort) {
                return Optional.of("duplicate port definition with ");
            }
            if (hostPort == 0 || other.hostPort == 0) {
                return Optional.of("overlapping port definition with ");
            }
            return hostPort == other.hostPort && hostIp.isEmpty() != other.hostIp.isEmpty()
                    ? Optional.of("dangerously ambiguous port definition with ")
                    : Optional.empty();
        }
    }

    static void all(JsonNode spec, String path, Warnings warnings) {
        Map<String, List<Port>> known = new HashMap<>();
        ContainerWarnings.forEach(
                spec, path, container -> Tree.items(container.value().path("ports"), container.path() + ".ports")
                        .map(Port::of)
                        .forEach(port -> {
                            if (!port.hostIp().isEmpty() && port.hostPort() == 0) {
                                warnings.add(port.path(), "hostIP set without hostPort: " + port.shown());
                            }
                            List<Port> others = known.computeIfAbsent(
                                    port.number() + "/" + port.protocol(), key -> new ArrayList<>());
                            others.forEach(other -> port.conflictWith(other)
                                    .ifPresent(words -> warnings.add(port.path(), words + other.path())));
                            others.add(port);
                        }));
    }
}
