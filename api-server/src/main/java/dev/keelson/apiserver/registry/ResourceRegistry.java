package dev.keelson.apiserver.registry;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The kinds that this server serves; discovery, routing and storage keys all follow from it. */
public final class ResourceRegistry {
    private final Map<String, ResourceDefinition> byPath = new LinkedHashMap<>();

    /** @throws IllegalArgumentException when two definitions claim one path */
    public ResourceRegistry(Collection<ResourceDefinition> definitions) {
        for (ResourceDefinition definition : definitions) {
            String path = path(definition.group(), definition.version(), definition.plural());
            if (byPath.putIfAbsent(path, definition) != null) {
                throw new IllegalArgumentException("two kinds are declared at " + path);
            }
        }
    }

    /** The kind behind a path; the plural name as it stands there. */
    public Optional<ResourceDefinition> find(String group, String version, String plural) {
        return Optional.ofNullable(byPath.get(path(group, version, plural)));
    }

    /** The kind that an object says it is. */
    public Optional<ResourceDefinition> findKind(String apiVersion, String kind) {
        return byPath.values().stream()
                .filter(definition -> definition.kind().equals(kind)
                        && definition.apiVersion().equals(apiVersion))
                .findFirst();
    }

    /** A kind that the machinery itself relies on. */
    public ResourceDefinition require(String group, String plural) {
        return byPath.values().stream()
                .filter(definition ->
                        definition.group().equals(group) && definition.plural().equals(plural))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no kind is declared for " + plural + "." + group));
    }

    /** All kinds in the order of their declaration. */
    public List<ResourceDefinition> all() {
        return List.copyOf(byPath.values());
    }

    private static String path(String group, String version, String plural) {
        return group + "/" + version + "/" + plural;
    }
}
