package dev.keelson.apiserver.discovery;

import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceDefinition.Subresource;
import dev.keelson.apiserver.registry.ResourceRegistry;
import dev.keelson.apiserver.registry.UnstoredKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Everything that is served, by group and version; the core group has the empty name. */
record Catalog(Map<String, Map<String, List<Entry>>> groups) {

    record Entry(ResourceDefinition kind, List<String> verbs) {
        List<Subresource> subresources() {
            return kind.subresources().stream()
                    .sorted(Comparator.comparing(Enum::name))
                    .toList();
        }
    }

    static Catalog of(ResourceRegistry registry, List<UnstoredKind> unstored) {
        Map<String, Map<String, List<Entry>>> groups = new TreeMap<>();
        registry.all().forEach(kind -> add(groups, new Entry(kind, ResourceVerbs.OBJECT)));
        unstored.forEach(kind -> add(groups, new Entry(kind.definition(), kind.verbs())));
        return new Catalog(groups);
    }

    private static void add(Map<String, Map<String, List<Entry>>> groups, Entry entry) {
        List<Entry> entries = groups.computeIfAbsent(
                        entry.kind().group(), name -> new TreeMap<>(VersionOrder.BEST_FIRST))
                .computeIfAbsent(entry.kind().version(), name -> new ArrayList<>());
        entries.add(entry);
        entries.sort(Comparator.comparing(e -> e.kind().plural()));
    }
}
