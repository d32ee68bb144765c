package dev.keelson.apiserver.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.scheduling.SchedulingKinds;
import java.util.List;
import java.util.Map;

/** Objects that stand in every cluster because of what the server is, each a pure function of that. */
final class FirstObjects {
    private static final int CORE_PRIORITY = 18_000;
    private static final int GROUP_PRIORITY = 17_000;
    private static final int NEWEST_VERSION = 15;
    private static final int CUSTOM_GROUP_PRIORITY = 1_000;
    private static final int CUSTOM_VERSION = 100;

    /** The label by which an APIService belongs to the server, and its value for one that goes with its kinds. */
    static final String MANAGED = "kube-aggregator.kubernetes.io/automanaged";

    static final String WHILE_SERVED = "true";

    private FirstObjects() {}

    /** The classes above all that users may make. */
    static List<ObjectNode> priorityClasses() {
        return SchedulingKinds.SYSTEM_CLASSES.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> {
                    ObjectNode object = object("scheduling.k8s.io/v1", "PriorityClass", entry.getKey());
                    return object.put("value", entry.getValue())
                            .put(
                                    "description",
                                    entry.getKey().equals("system-node-critical")
                                            ? "Used for system critical pods that must not be moved from their current node."
                                            : "Used for system critical pods that must run in the cluster, but can be"
                                                    + " moved to another node if necessary.");
                })
                .toList();
    }

    /** One APIService for each group version that the server has by itself. */
    static List<ObjectNode> apiServices(List<ResourceDefinition> kinds) {
        return apiServices(kinds, "onstart", GROUP_PRIORITY, NEWEST_VERSION);
    }

    /** The same of custom kinds, which come and go. */
    static List<ObjectNode> customApiServices(List<ResourceDefinition> kinds) {
        return apiServices(kinds, WHILE_SERVED, CUSTOM_GROUP_PRIORITY, CUSTOM_VERSION);
    }

    private static List<ObjectNode> apiServices(
            List<ResourceDefinition> kinds, String managed, int groupPriority, int versionPriority) {
        return kinds.stream()
                .map(kind -> List.of(kind.group(), kind.version()))
                .distinct()
                .map(served -> {
                    String group = served.getFirst();
                    String version = served.getLast();
                    ObjectNode object = object("apiregistration.k8s.io/v1", "APIService", version + "." + group);
                    object.withObject("/metadata").putObject("labels").put(MANAGED, managed);
                    ObjectNode spec = object.putObject("spec");
                    if (!group.isEmpty()) {
                        spec.put("group", group);
                    }
                    spec.put("version", version)
                            .put("groupPriorityMinimum", group.isEmpty() ? CORE_PRIORITY : groupPriority)
                            .put("versionPriority", versionPriority);
                    return object;
                })
                .toList();
    }

    private static ObjectNode object(String apiVersion, String kind, String name) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", apiVersion)
                .put("kind", kind)
                .putObject("metadata")
                .put("name", name);
        return object;
    }
}
