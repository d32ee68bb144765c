package dev.keelson.apiserver.selector;

import java.util.Set;

/**
 * What a kind's field selectors may name, and how others are refused: each of Kubernetes' conversions of field labels has
 * its own words.
 *
 * @param fields dotted paths besides metadata.name and metadata.namespace
 * @param refusal with a place for the field that is refused
 */
public record SelectableFields(Set<String> fields, String refusal) {
    private static final Set<String> ALWAYS = Set.of("metadata.name", "metadata.namespace");

    public SelectableFields {
        fields = Set.copyOf(fields);
    }

    /** Those of a kind without a conversion of its own. */
    public static SelectableFields usual() {
        return new SelectableFields(
                Set.of(), "\"%s\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"");
    }

    /** Those of a kind that adds some. */
    public static SelectableFields of(Set<String> fields) {
        return new SelectableFields(fields, "field label not supported: %s");
    }

    void require(String field) {
        if (!ALWAYS.contains(field) && !fields.contains(field)) {
            throw new SelectorException(refusal.formatted(field));
        }
    }
}
