package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.rules.LabelRules;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Quantity;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;
import java.util.Set;

/** What a valid claim for a volume asks for: as a claim of its own, or as the template of a pod's ephemeral volume. */
public final class ClaimSpecRules {
    private static final List<String> ACCESS_MODES =
            List.of("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod");
    public static final List<String> VOLUME_MODES = List.of("Block", "Filesystem");
    private static final Set<String> TEMPLATE_METADATA = Set.of("labels", "annotations");

    private ClaimSpecRules() {}

    /** @param path of the spec, such as {@code spec} */
    public static void validate(JsonNode spec, String path, Problems problems) {
        modes(spec, path, "at least 1 access mode is required", problems);
        LabelRules.selector(spec.path("selector"), path + ".selector", problems);
        for (String named : List.of("storageClassName", "volumeAttributesClassName")) {
            problems.named(path + "." + named, spec.path(named), NameRule.DNS_SUBDOMAIN);
        }
        size(Tree.at(spec, "resources", "requests", "storage"), path + ".resources[storage]", problems);
        problems.oneOf(path + ".volumeMode", spec.path("volumeMode"), VOLUME_MODES);
        source(spec.path("dataSource"), path + ".dataSource", problems);
        source(spec.path("dataSourceRef"), path + ".dataSourceRef", problems);
        problems.named(
                path + ".dataSourceRef.namespace", Tree.at(spec, "dataSourceRef", "namespace"), NameRule.DNS_LABEL);
        sameSource(spec, path, problems);
    }

    private static void source(JsonNode source, String path, Problems problems) {
        if (!source.isObject()) {
            return;
        }
        problems.requireText(path, source, "name", "");
        problems.requireText(path, source, "kind", "");
        String kind = Tree.text(source, "kind");
        if (!Tree.has(source, "apiGroup") && !kind.equals("PersistentVolumeClaim")) {
            problems.invalid(path, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup");
        }
        problems.named(path + ".apiGroup", source.path("apiGroup"), NameRule.DNS_SUBDOMAIN);
    }

    /** The older field says the same as the newer one, unless it cannot. */
    private static void sameSource(JsonNode spec, String path, Problems problems) {
        JsonNode older = spec.path("dataSource");
        JsonNode newer = spec.path("dataSourceRef");
        if (!older.isObject() || !newer.isObject()) {
            return;
        }
        String shown = path + ".dataSource";
        if (Tree.has(newer, "namespace")) {
            problems.invalidShown(path, shown, "may not be specified when dataSourceRef.namespace is specified");
        } else if (!List.of("apiGroup", "kind", "name").stream()
                .allMatch(field -> Tree.same(older.path(field), newer.path(field)))) {
            problems.invalidShown(path, shown, "must match dataSourceRef");
        }
    }

    /** A template has the name and place of its pod, so that its metadata says little (KEP-1698). */
    static void validateTemplate(JsonNode template, String path, Problems problems) {
        String metadata = path + ".metadata";
        LabelRules.annotations(Tree.at(template, "metadata", "annotations"), metadata + ".annotations", problems);
        LabelRules.labels(Tree.at(template, "metadata", "labels"), metadata + ".labels", problems);
        template.path("metadata").properties().stream()
                .filter(field -> !TEMPLATE_METADATA.contains(field.getKey()))
                .filter(field -> Tree.has(template, "metadata", field.getKey()))
                .forEach(field -> problems.forbidden(metadata + "." + field.getKey(), "cannot be set"));
        validate(template.path("spec"), path + ".spec", problems);
    }

    /**
     * How a volume may be mounted, in claims and in volumes.
     *
     * @param missing what is said when there is no mode
     */
    public static void modes(JsonNode spec, String path, String missing, Problems problems) {
        JsonNode modes = spec.path("accessModes");
        String field = path + ".accessModes";
        if (modes.isEmpty()) {
            problems.required(field, missing);
        }
        for (JsonNode mode : modes) {
            if (!ACCESS_MODES.contains(mode.asText())) {
                problems.notSupported(field, mode, ACCESS_MODES);
            }
        }
        List<String> words = Tree.texts(modes);
        if (words.contains("ReadWriteOncePod")
                && words.stream().anyMatch(mode -> !mode.equals("ReadWriteOncePod") && ACCESS_MODES.contains(mode))) {
            problems.forbidden(field, "may not use ReadWriteOncePod with other access modes");
        }
    }

    private static void size(JsonNode storage, String field, Problems problems) {
        if (storage.isMissingNode()) {
            problems.required(field, "");
        }
        Quantity.parse(storage)
                .filter(amount -> amount.signum() <= 0)
                .ifPresent(amount -> problems.invalid(field, storage, "must be greater than zero"));
    }
}
