package dev.keelson.apiserver.presence;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * The EndpointSlices (discovery.k8s.io/v1) of the Service {@code default/kubernetes}, by name. All endpoints of a slice
 * share its ports, so servers with other ports get a slice of their own; the first is named as Kubernetes names it.
 */
final class ApiEndpoints {
    static final String SERVICE = "kubernetes";

    private ApiEndpoints() {}

    static SortedMap<String, ObjectNode> plan(SortedSet<ServerAddress> alive) {
        SortedMap<String, ObjectNode> slices = new TreeMap<>();
        for (ServerAddress server : alive) {
            boolean first = server.port() == alive.first().port();
            String name = first ? SERVICE : SERVICE + "-" + server.port();
            slices.computeIfAbsent(name, absent -> slice(absent, server.port()))
                    .withArray("endpoints")
                    .add(endpoint(server));
        }
        return slices;
    }

    private static ObjectNode slice(String name, int port) {
        ObjectNode slice = JsonNodeFactory.instance.objectNode();
        slice.put("apiVersion", "discovery.k8s.io/v1").put("kind", "EndpointSlice");
        slice.putObject("metadata").put("name", name).putObject("labels").put("kubernetes.io/service-name", SERVICE);
        slice.put("addressType", "IPv4").putArray("endpoints");
        slice.putArray("ports")
                .addObject()
                .put("name", "https")
                .put("port", port)
                .put("protocol", "TCP");
        return slice;
    }

    private static ObjectNode endpoint(ServerAddress server) {
        ObjectNode endpoint = JsonNodeFactory.instance.objectNode();
        endpoint.putArray("addresses").add(server.host());
        endpoint.putObject("conditions").put("ready", true).put("serving", true).put("terminating", false);
        return endpoint;
    }
}
