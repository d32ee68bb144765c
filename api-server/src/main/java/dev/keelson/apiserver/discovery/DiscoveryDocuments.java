package dev.keelson.apiserver.discovery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.http.request.Subresources;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceDefinition.Subresource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The discovery documents of meta.k8s.io/v1, each a pure function of the catalog. */
final class DiscoveryDocuments {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private DiscoveryDocuments() {}

    /** {@code /api}. */
    static ObjectNode coreVersions(Catalog catalog, String serverAddress) {
        ObjectNode document = JSON.objectNode().put("kind", "APIVersions");
        ArrayNode versions = document.putArray("versions");
        catalog.groups().getOrDefault("", Map.of()).keySet().forEach(versions::add);
        document.putArray("serverAddressByClientCIDRs")
                .addObject()
                .put("clientCIDR", "0.0.0.0/0")
                .put("serverAddress", serverAddress);
        return document;
    }

    /** {@code /apis}. */
    static ObjectNode groups(Catalog catalog) {
        ObjectNode document = JSON.objectNode().put("kind", "APIGroupList").put("apiVersion", "v1");
        ArrayNode groups = document.putArray("groups");
        catalog.groups().forEach((name, versions) -> {
            if (!name.isEmpty()) {
                groups.add(group(name, versions));
            }
        });
        return document;
    }

    /** {@code /apis/GROUP}. */
    static Optional<ObjectNode> group(Catalog catalog, String name) {
        return Optional.ofNullable(catalog.groups().get(name))
                .filter(versions -> !name.isEmpty())
                .map(versions -> group(name, versions).put("kind", "APIGroup").put("apiVersion", "v1"));
    }

    /** {@code /api/VERSION} and {@code /apis/GROUP/VERSION}. */
    static Optional<ObjectNode> resources(Catalog catalog, String group, String version) {
        return Optional.ofNullable(
                        catalog.groups().getOrDefault(group, Map.of()).get(version))
                .map(entries -> resourceList(group, version, entries));
    }

    private static ObjectNode group(String name, Map<String, List<Catalog.Entry>> versions) {
        ObjectNode group = JSON.objectNode().put("name", name);
        ArrayNode list = group.putArray("versions");
        versions.keySet().forEach(version -> list.addObject()
                .put("groupVersion", name + "/" + version)
                .put("version", version));
        // Versions are in the order of their stability; the first is the preferred one.
        group.set("preferredVersion", list.get(0));
        return group;
    }

    private static ObjectNode resourceList(String group, String version, List<Catalog.Entry> entries) {
        ObjectNode list = JSON.objectNode().put("kind", "APIResourceList").put("apiVersion", "v1");
        list.put("groupVersion", group.isEmpty() ? version : group + "/" + version);
        ArrayNode resources = list.putArray("resources");
        for (Catalog.Entry entry : entries) {
            resources.add(resource(entry));
            entry.subresources().forEach(part -> resources.add(subresource(entry.kind(), part)));
        }
        return list;
    }

    private static ObjectNode resource(Catalog.Entry entry) {
        ResourceDefinition kind = entry.kind();
        ObjectNode resource = JSON.objectNode()
                .put("name", kind.plural())
                .put("singularName", kind.singular())
                .put("namespaced", kind.namespaced())
                .put("kind", kind.kind());
        addAll(resource.putArray("verbs"), entry.verbs());
        if (!kind.shortNames().isEmpty()) {
            addAll(resource.putArray("shortNames"), kind.shortNames());
        }
        if (!kind.categories().isEmpty()) {
            addAll(resource.putArray("categories"), kind.categories());
        }
        return resource;
    }

    private static ObjectNode subresource(ResourceDefinition kind, Subresource part) {
        ResourceVerbs verbs = ResourceVerbs.of(kind, part);
        ObjectNode resource = JSON.objectNode()
                .put("name", kind.plural() + "/" + Subresources.word(part))
                .put("singularName", "")
                .put("namespaced", kind.namespaced());
        if (!verbs.group().equals(kind.group())) {
            resource.put("group", verbs.group()).put("version", verbs.version());
        }
        resource.put("kind", verbs.kind());
        addAll(resource.putArray("verbs"), verbs.verbs());
        return resource;
    }

    static void addAll(ArrayNode array, List<String> words) {
        words.forEach(array::add);
    }
}
