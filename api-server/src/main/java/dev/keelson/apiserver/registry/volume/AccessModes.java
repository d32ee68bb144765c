package dev.keelson.apiserver.registry.volume;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;
import java.util.Map;

/** How volumes may be mounted, as words and as kubectl abbreviates them. */
final class AccessModes {
    private static final Map<String, String> SHORT = Map.of(
            "ReadWriteOnce", "RWO",
            "ReadOnlyMany", "ROX",
            "ReadWriteMany", "RWX",
            "ReadWriteOncePod", "RWOP");
    private static final List<String> ORDER =
            List.of("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod");
    private static final List<String> SUPPORTED = ORDER.stream().sorted().toList();
    private static final List<String> VOLUME_MODES = List.of("Block", "Filesystem");

    private AccessModes() {}

    static void validate(JsonNode spec, String missing, Problems problems) {
        JsonNode modes = spec.path("accessModes");
        if (modes.isEmpty()) {
            problems.required("spec.accessModes", missing);
        }
        List<String> words = Tree.texts(modes);
        for (JsonNode mode : modes) {
            if (!SHORT.containsKey(mode.asText())) {
                problems.notSupported("spec.accessModes", mode, SUPPORTED);
            }
        }
        if (words.contains("ReadWriteOncePod") && words.stream().distinct().count() > 1) {
            problems.forbidden("spec.accessModes", "may not use ReadWriteOncePod with other access modes");
        }
        problems.oneOf("spec.volumeMode", spec.path("volumeMode"), VOLUME_MODES);
    }

    /** {@code RWO,ROX}. */
    static String brief(JsonNode modes) {
        List<String> words = Tree.texts(modes);
        return String.join(
                ",", ORDER.stream().filter(words::contains).map(SHORT::get).toList());
    }
}
