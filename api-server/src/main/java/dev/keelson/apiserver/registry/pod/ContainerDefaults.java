package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;

/** Defaults of one container, its probes and hooks. */
final class ContainerDefaults {
    private ContainerDefaults() {}

    static void apply(ObjectNode container) {
        Tree.setDefault(container, "imagePullPolicy", pullPolicy(Tree.text(container, "image")));
        Tree.setDefault(container, "terminationMessagePath", "/dev/termination-log");
        Tree.setDefault(container, "terminationMessagePolicy", "File");
        Tree.child(container, "resources");
        for (ObjectNode port : Tree.objects(container, "ports")) {
            Tree.setDefault(port, "protocol", "TCP");
        }
        for (ObjectNode variable : Tree.objects(container, "env")) {
            Tree.object(variable, "valueFrom", "fieldRef")
                    .ifPresent(field -> Tree.setDefault(field, "apiVersion", "v1"));
        }
        for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
            Tree.object(container, probe).ifPresent(ContainerDefaults::applyToProbe);
        }
        for (String hook : List.of("postStart", "preStop")) {
            Tree.object(container, "lifecycle", hook, "httpGet").ifPresent(ContainerDefaults::applyToHttpGet);
        }
    }

    /** In the network of the host, a port of the container is one of the host. */
    static void openOnTheHost(ObjectNode container) {
        for (ObjectNode port : Tree.objects(container, "ports")) {
            if (Tree.number(port, "hostPort").orElse(0L) == 0) {
                port.set("hostPort", port.path("containerPort"));
            }
        }
    }

    /** A tag that moves is pulled each time; a digest or another tag is what it was. */
    static String pullPolicy(String image) {
        if (image.contains("@")) {
            return "IfNotPresent";
        }
        int tag = image.indexOf(':', image.lastIndexOf('/') + 1);
        return tag < 0 || image.substring(tag + 1).equals("latest") ? "Always" : "IfNotPresent";
    }

    private static void applyToProbe(ObjectNode probe) {
        Tree.setDefault(probe, "timeoutSeconds", 1);
        Tree.setDefault(probe, "periodSeconds", 10);
        Tree.setDefault(probe, "successThreshold", 1);
        Tree.setDefault(probe, "failureThreshold", 3);
        replaceZeros(probe);
        Tree.object(probe, "httpGet").ifPresent(ContainerDefaults::applyToHttpGet);
        Tree.object(probe, "grpc").ifPresent(grpc -> {
            if (!grpc.has("service")) {
                grpc.put("service", "");
            }
        });
    }

    /** Kubernetes cannot tell 0 from absent in these fields and defaults both. */
    private static void replaceZeros(ObjectNode probe) {
        replaceZero(probe, "timeoutSeconds", 1);
        replaceZero(probe, "periodSeconds", 10);
        replaceZero(probe, "successThreshold", 1);
        replaceZero(probe, "failureThreshold", 3);
    }

    private static void replaceZero(ObjectNode probe, String field, int value) {
        if (Tree.number(probe, field).orElse(-1L) == 0) {
            probe.put(field, value);
        }
    }

    private static void applyToHttpGet(ObjectNode request) {
        Tree.setDefault(request, "path", "/");
        Tree.setDefault(request, "scheme", "HTTP");
    }

    static void requestWhatIsLimited(ObjectNode container) {
        Tree.object(container, "resources").ifPresent(resources -> Tree.object(resources, "limits")
                .filter(limits -> !limits.isEmpty())
                .ifPresent(limits -> {
                    ObjectNode requests = Tree.child(resources, "requests");
                    limits.properties().forEach(limit -> {
                        if (!requests.has(limit.getKey())) {
                            requests.set(limit.getKey(), limit.getValue());
                        }
                    });
                }));
    }
}
