package dev.keelson.apiserver.schema.generate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One field of a protobuf message as its generated source declares it.
 *
 * @param label {@code optional}, {@code repeated} or {@code map}
 * @param type scalar name or full message name; the value type of a map
 * @param comment the lines of the Go comment, markers such as {@code +listType=map} included
 */
record ProtoField(String label, String type, String name, int number, List<String> comment) {

    ProtoField {
        comment = List.copyOf(comment);
    }

    boolean isMessage() {
        return type.startsWith("k8s.io.");
    }

    /** The value of a marker: {@code name} of {@code +patchMergeKey=name}. */
    Optional<String> marker(String marker) {
        return markers(marker).stream().findFirst();
    }

    List<String> markers(String marker) {
        return markersOf(comment, marker);
    }

    static List<String> markersOf(List<String> comment, String marker) {
        List<String> values = new ArrayList<>();
        for (String line : comment) {
            if (line.startsWith("+" + marker + "=")) {
                values.add(line.substring(marker.length() + 2).strip());
            }
        }
        return values;
    }

    /** The comment without markers, as one paragraph. */
    String description() {
        return Prose.of(comment);
    }
}
