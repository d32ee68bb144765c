package dev.keelson.apiserver.registry.events;

import dev.keelson.apiserver.registry.Declaration;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.core.EventKind;
import dev.keelson.apiserver.registry.rules.KindRules;
import dev.keelson.apiserver.registry.store.ServedVersion;
import java.util.List;

/** {@code events.k8s.io/v1}: the core group's Events under the names that replaced theirs. */
public final class EventsKinds {
    private static final String API_VERSION = "events.k8s.io/v1";

    private EventsKinds() {}

    public static List<ResourceDefinition> list() {
        ResourceDefinition stored = EventKind.definition();
        ServedVersion view = new ServedVersion(stored, API_VERSION, EventNames.CONVERSION)
                .asking(KindRules.none().checking(NewEventRules::check).checkingChange(NewEventRules::checkChange));
        return List.of(Declaration.namespaced(API_VERSION, stored.kind(), stored.plural())
                .shortNames(stored.shortNames().toArray(String[]::new))
                .columns(view.columns())
                .selectable(
                        "regarding.kind",
                        "regarding.namespace",
                        "regarding.name",
                        "regarding.uid",
                        "regarding.apiVersion",
                        "regarding.resourceVersion",
                        "regarding.fieldPath",
                        "reason",
                        "reportingController",
                        "type")
                .with(view));
    }
}
