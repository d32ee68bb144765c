package dev.keelson.apiserver.registry;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The kinds that this server serves; discovery, routing and storage keys all follow from it. The built-in ones are there
 * from the beginning, custom ones come and go while it runs.
 */
public final class ResourceRegistry {
    private final Map<String, ResourceDefinition> builtIn = new LinkedHashMap<>();
    private volatile State state;

    /** Everything that is served at one moment; replaced as a whole. */
    private record State(
            Map<String, ResourceDefinition> byPath,
            Map<String, ResourceDefinition> byKind,
            boolean complete,
            long generation) {

        static State of(Map<String, ResourceDefinition> byPath, boolean complete, long generation) {
            Map<String, ResourceDefinition> byKind = new HashMap<>();
            byPath.values().forEach(one -> byKind.putIfAbsent(one.apiVersion() + "#" + one.kind(), one));
            return new State(byPath, byKind, complete, generation);
        }
    }

    /** @throws IllegalArgumentException when two definitions claim one path */
    public ResourceRegistry(Collection<ResourceDefinition> definitions) {
        for (ResourceDefinition definition : definitions) {
            String path = path(definition.group(), definition.version(), definition.plural());
            if (builtIn.putIfAbsent(path, definition) != null) {
                throw new IllegalArgumentException("two kinds are declared at " + path);
            }
        }
        state = State.of(builtIn, false, 0);
    }

    /** Serves these custom kinds from now on, and no others; a built-in kind is never replaced. */
    public void serveCustom(Collection<ResourceDefinition> custom) {
        Map<String, ResourceDefinition> all = new LinkedHashMap<>(builtIn);
        custom.forEach(definition ->
                all.putIfAbsent(path(definition.group(), definition.version(), definition.plural()), definition));
        state = State.of(all, true, state.generation() + 1);
    }

    /** Whether the custom kinds are known; before that, a path that leads nowhere may still come to lead somewhere. */
    public boolean complete() {
        return state.complete();
    }

    /** Grows with every change of what is served. */
    public long generation() {
        return state.generation();
    }

    /** The kind behind a path; the plural name as it stands there. */
    public Optional<ResourceDefinition> find(String group, String version, String plural) {
        return Optional.ofNullable(state.byPath().get(path(group, version, plural)));
    }

    /** The kind that an object says it is. */
    public Optional<ResourceDefinition> findKind(String apiVersion, String kind) {
        return Optional.ofNullable(state.byKind().get(apiVersion + "#" + kind));
    }

    /** A kind that the machinery itself relies on. */
    public ResourceDefinition require(String group, String plural) {
        return builtIn.values().stream()
                .filter(definition ->
                        definition.group().equals(group) && definition.plural().equals(plural))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no kind is declared for " + plural + "." + group));
    }

    /** All kinds in the order of their declaration, custom ones last. */
    public List<ResourceDefinition> all() {
        return List.copyOf(state.byPath().values());
    }

    /** The custom kinds alone. */
    public List<ResourceDefinition> custom() {
        List<ResourceDefinition> custom = new ArrayList<>(state.byPath().values());
        return List.copyOf(custom.subList(builtIn.size(), custom.size()));
    }

    private static String path(String group, String version, String plural) {
        return group + "/" + version + "/" + plural;
    }
}
