package dev.keelson.apiserver.registry;

import dev.keelson.apiserver.registry.ResourceDefinition.Subresource;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Writes down a kind by what sets it apart; what is not said is empty. */
public final class Declaration {
    private final String group;
    private final String version;
    private final String kind;
    private final String plural;
    private final boolean namespaced;
    private List<String> shortNames = List.of();
    private List<String> categories = List.of();
    private Set<Subresource> subresources = Set.of();
    private List<Column> columns = List.of();
    private Set<String> selectable = Set.of();

    private Declaration(String apiVersion, String kind, String plural, boolean namespaced) {
        int slash = apiVersion.indexOf('/');
        this.group = slash < 0 ? "" : apiVersion.substring(0, slash);
        this.version = apiVersion.substring(slash + 1);
        this.kind = kind;
        this.plural = plural;
        this.namespaced = namespaced;
    }

    /** @param apiVersion such as {@code v1} or {@code apps/v1} */
    public static Declaration namespaced(String apiVersion, String kind, String plural) {
        return new Declaration(apiVersion, kind, plural, true);
    }

    public static Declaration clusterWide(String apiVersion, String kind, String plural) {
        return new Declaration(apiVersion, kind, plural, false);
    }

    public Declaration shortNames(String... names) {
        shortNames = List.of(names);
        return this;
    }

    public Declaration categories(String... names) {
        categories = List.of(names);
        return this;
    }

    public Declaration subresources(Subresource... parts) {
        subresources = Set.of(parts);
        return this;
    }

    public Declaration columns(Column... shown) {
        return columns(List.of(shown));
    }

    public Declaration columns(List<Column> shown) {
        columns = shown;
        return this;
    }

    /** @param paths dotted paths for field selectors, besides the name and namespace */
    public Declaration selectable(String... paths) {
        selectable = Set.of(paths);
        return this;
    }

    public ResourceDefinition with(ResourceStrategy strategy) {
        return new ResourceDefinition(
                group,
                version,
                kind,
                plural,
                kind.toLowerCase(Locale.ROOT),
                shortNames,
                categories,
                namespaced,
                subresources,
                strategy,
                columns,
                selectable);
    }
}
