package dev.keelson.apiserver.discovery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.http.request.Subresources;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceDefinition.Subresource;
import java.util.List;
import java.util.Map;

/** Discovery in one document (apidiscovery.k8s.io APIGroupDiscoveryList); v2 and v2beta1 look the same. Pure. */
final class AggregatedDiscovery {
    private AggregatedDiscovery() {}

    /** @param core true for {@code /api}, false for {@code /apis} */
    static ObjectNode list(Catalog catalog, boolean core, String version) {
        ObjectNode list = JsonNodeFactory.instance
                .objectNode()
                .put("kind", "APIGroupDiscoveryList")
                .put("apiVersion", "apidiscovery.k8s.io/" + version);
        list.putObject("metadata");
        ArrayNode items = list.putArray("items");
        catalog.groups().forEach((name, versions) -> {
            if (name.isEmpty() == core) {
                group(items.addObject(), name, versions);
            }
        });
        return list;
    }

    private static void group(ObjectNode item, String name, Map<String, List<Catalog.Entry>> versions) {
        ObjectNode metadata = item.putObject("metadata");
        if (!name.isEmpty()) {
            metadata.put("name", name);
        }
        ArrayNode list = item.putArray("versions");
        versions.forEach((version, entries) -> {
            ObjectNode node = list.addObject().put("version", version);
            ArrayNode resources = node.putArray("resources");
            entries.forEach(entry -> resource(resources.addObject(), entry));
            node.put("freshness", "Current");
        });
    }

    private static void resource(ObjectNode node, Catalog.Entry entry) {
        ResourceDefinition kind = entry.kind();
        node.put("resource", kind.plural());
        responseKind(node, kind.group(), kind.version(), kind.kind());
        node.put("scope", kind.namespaced() ? "Namespaced" : "Cluster").put("singularResource", kind.singular());
        DiscoveryDocuments.addAll(node.putArray("verbs"), entry.verbs());
        if (!kind.shortNames().isEmpty()) {
            DiscoveryDocuments.addAll(node.putArray("shortNames"), kind.shortNames());
        }
        if (!kind.categories().isEmpty()) {
            DiscoveryDocuments.addAll(node.putArray("categories"), kind.categories());
        }
        if (!entry.subresources().isEmpty()) {
            ArrayNode parts = node.putArray("subresources");
            entry.subresources().forEach(part -> subresource(parts.addObject(), kind, part));
        }
    }

    private static void subresource(ObjectNode node, ResourceDefinition kind, Subresource part) {
        ResourceVerbs verbs = ResourceVerbs.of(kind, part);
        node.put("subresource", Subresources.word(part));
        responseKind(node, verbs.group(), verbs.version(), verbs.kind());
        DiscoveryDocuments.addAll(node.putArray("verbs"), verbs.verbs());
    }

    private static void responseKind(ObjectNode node, String group, String version, String kind) {
        node.putObject("responseKind")
                .put("group", group)
                .put("version", version)
                .put("kind", kind);
    }
}
