package dev.keelson.apiserver.registry.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;
import java.util.Set;

/** Defaults of Services, and what the server has given to one and an update without it keeps. */
final class ServiceDefaults {
    private static final Set<String> ON_NODES = Set.of("NodePort", "LoadBalancer");
    private static final int STICKY_SECONDS = 3 * 3600;

    private ServiceDefaults() {}

    static void apply(ObjectNode service) {
        ObjectNode spec = Tree.child(service, "spec");
        Tree.setDefault(spec, "type", "ClusterIP");
        Tree.setDefault(spec, "sessionAffinity", "None");
        String type = Tree.text(spec, "type");
        if (Tree.text(spec, "sessionAffinity").equals("ClientIP")) {
            ObjectNode config = Tree.child(Tree.child(spec, "sessionAffinityConfig"), "clientIP");
            Tree.setDefault(config, "timeoutSeconds", STICKY_SECONDS);
        }
        for (ObjectNode port : Tree.objects(spec, "ports")) {
            Tree.setDefault(port, "protocol", "TCP");
            JsonNode target = port.path("targetPort");
            if (!Tree.has(target) || target.isInt() && target.intValue() == 0) {
                port.set("targetPort", port.path("port"));
            }
        }
        if (ServiceTypeRules.isReachedFromOutside(spec)) {
            Tree.setDefault(spec, "externalTrafficPolicy", "Cluster");
        }
        if (type.equals("LoadBalancer")) {
            Tree.setDefault(spec, "allocateLoadBalancerNodePorts", true);
        }
        if (!type.equals("ExternalName")) {
            Tree.setDefault(spec, "internalTrafficPolicy", "Cluster");
        }
        pairAddresses(spec);
    }

    /** clusterIP and the first of clusterIPs always say the same. */
    private static void pairAddresses(ObjectNode spec) {
        String single = Tree.text(spec, "clusterIP");
        List<String> all = Tree.texts(spec, "clusterIPs");
        if (!single.isEmpty() && all.isEmpty()) {
            spec.putArray("clusterIPs").add(single);
        }
    }

    /** A client that sends its manifest again does not know the addresses and ports it was given. */
    static void keepAllocated(ObjectNode updated, ObjectNode old) {
        ObjectNode spec = Tree.child(updated, "spec");
        JsonNode before = old.path("spec");
        boolean sameNeed = !Tree.text(spec, "type").equals("ExternalName")
                && !Tree.text(before, "type").equals("ExternalName");
        if (sameNeed && !Tree.has(spec, "clusterIP") && Tree.has(before, "clusterIP")) {
            Tree.carry(spec, before, "clusterIP");
            Tree.carry(spec, before, "clusterIPs");
        }
        for (String field : List.of("ipFamilies", "ipFamilyPolicy")) {
            if (sameNeed && spec.path(field).isMissingNode()) {
                Tree.carry(spec, before, field);
            }
        }
        if (ON_NODES.contains(Tree.text(spec, "type")) && ON_NODES.contains(Tree.text(before, "type"))) {
            keepNodePorts(spec, before);
        }
    }

    private static void keepNodePorts(ObjectNode spec, JsonNode before) {
        for (ObjectNode port : Tree.objects(spec, "ports")) {
            if (Tree.number(port, "nodePort").orElse(0L) == 0) {
                Tree.objects(before, "ports").stream()
                        .filter(known -> known.path("port").equals(port.path("port"))
                                && known.path("protocol").equals(port.path("protocol")))
                        .findFirst()
                        .ifPresent(known -> Tree.carry(port, known, "nodePort"));
            }
        }
    }
}
