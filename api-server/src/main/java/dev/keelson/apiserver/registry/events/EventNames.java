package dev.keelson.apiserver.registry.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.store.ServedVersion.Conversion;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What the fields of an Event are called in either group (Kubernetes' {@code pkg/apis/events/v1/conversion.go}). */
final class EventNames {
    private static final Map<String, String> NEW_OF_CORE = Map.of(
            "involvedObject", "regarding",
            "message", "note",
            "source", "deprecatedSource",
            "firstTimestamp", "deprecatedFirstTimestamp",
            "lastTimestamp", "deprecatedLastTimestamp",
            "count", "deprecatedCount",
            "reportingComponent", "reportingController");
    private static final Map<String, String> CORE_OF_NEW = NEW_OF_CORE.entrySet().stream()
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey));

    static final Conversion CONVERSION =
            new Conversion(event -> renamed(event, CORE_OF_NEW), event -> renamed(event, NEW_OF_CORE));

    private EventNames() {}

    private static ObjectNode renamed(ObjectNode event, Map<String, String> names) {
        for (Map.Entry<String, String> name : new TreeMap<>(names).entrySet()) {
            JsonNode value = event.remove(name.getKey());
            if (value != null) {
                event.set(name.getValue(), value);
            }
        }
        return event;
    }
}
