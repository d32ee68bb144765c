package dev.keelson.apiserver.presence;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * The endpoints of the Service {@code default/kubernetes}, in both forms that Kubernetes keeps. All endpoints of a slice
 * or a subset share its ports, so servers with other ports get one of their own; the first slice is named as Kubernetes
 * names it.
 */
final class ApiEndpoints {
    static final String SERVICE = "kubernetes";

    private ApiEndpoints() {}

    /** The EndpointSlices (discovery.k8s.io/v1), by name. */
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

    /** The Endpoints (v1), which collectors of metrics find the servers by. */
    static ObjectNode endpoints(SortedSet<ServerAddress> alive) {
        ObjectNode endpoints = JsonNodeFactory.instance.objectNode();
        endpoints.put("apiVersion", "v1").put("kind", "Endpoints");
        // The slices are written here too: nobody is to make some of these.
        endpoints
                .putObject("metadata")
                .put("name", SERVICE)
                .putObject("labels")
                .put("endpointslice.kubernetes.io/skip-mirror", "true");
        SortedMap<Integer, ObjectNode> subsets = new TreeMap<>();
        for (ServerAddress server : alive) {
            ObjectNode subset = subsets.computeIfAbsent(server.port(), ApiEndpoints::subset);
            subset.withArray("addresses").addObject().put("ip", server.host());
        }
        endpoints.putArray("subsets").addAll(subsets.values());
        return endpoints;
    }

    private static ObjectNode subset(int port) {
        ObjectNode subset = JsonNodeFactory.instance.objectNode();
        subset.putArray("addresses");
        subset.putArray("ports").add(port(port));
        return subset;
    }

    private static ObjectNode port(int port) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("name", "https")
                .put("port", port)
                .put("protocol", "TCP");
    }

    private static ObjectNode slice(String name, int port) {
        ObjectNode slice = JsonNodeFactory.instance.objectNode();
        slice.put("apiVersion", "discovery.k8s.io/v1").put("kind", "EndpointSlice");
        slice.putObject("metadata").put("name", name).putObject("labels").put("kubernetes.io/service-name", SERVICE);
        slice.put("addressType", "IPv4").putArray("endpoints");
        slice.putArray("ports").add(port(port));
        return slice;
    }

    private static ObjectNode endpoint(ServerAddress server) {
        ObjectNode endpoint = JsonNodeFactory.instance.objectNode();
        endpoint.putArray("addresses").add(server.host());
        endpoint.putObject("conditions").put("ready", true).put("serving", true).put("terminating", false);
        return endpoint;
    }
}
