package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.rules.Problems;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where the data of a volume is: in exactly one place. */
public final class VolumeSources {
    /** How Kubernetes' messages spell some of them when there is one too many. */
    private static final Map<String, String> SPELLED = Map.of("cephfs", "cephFS", "downwardAPI", "downwarAPI");

    private VolumeSources() {}

    /**
     * The kind of the volume; the others that it names are forbidden, and nothing else is said of them.
     *
     * @param kinds all there are, in the order in which they count
     */
    public static Optional<String> only(JsonNode volume, List<String> kinds, String path, Problems problems) {
        List<String> given =
                kinds.stream().filter(kind -> volume.path(kind).isObject()).toList();
        if (given.isEmpty()) {
            problems.required(path, "must specify a volume type");
            return Optional.empty();
        }
        given.stream()
                .skip(1)
                .forEach(extra -> problems.forbidden(
                        path + "." + SPELLED.getOrDefault(extra, extra), "may not specify more than 1 volume type"));
        return Optional.of(given.getFirst());
    }
}
