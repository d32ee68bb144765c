package dev.keelson.apiserver.registry.volume;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;
import java.util.Map;

/** How volumes may be mounted, as kubectl abbreviates it. */
final class AccessModes {
    private static final Map<String, String> SHORT = Map.of(
            "ReadWriteOnce", "RWO",
            "ReadOnlyMany", "ROX",
            "ReadWriteMany", "RWX",
            "ReadWriteOncePod", "RWOP");
    private static final List<String> ORDER =
            List.of("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod");

    private AccessModes() {}

    /** {@code RWO,ROX}. */
    static String brief(JsonNode modes) {
        List<String> words = Tree.texts(modes);
        return String.join(
                ",", ORDER.stream().filter(words::contains).map(SHORT::get).toList());
    }
}
