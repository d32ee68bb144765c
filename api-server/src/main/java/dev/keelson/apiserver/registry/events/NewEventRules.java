package dev.keelson.apiserver.registry.events;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;

/**
 * What the newer group asks of an Event beyond what every Event must be (Kubernetes'
 * {@code core/validation/events.go}). Judges the stored form, under whose names Kubernetes reports.
 */
final class NewEventRules {
    private static final List<String> ONLY_OLD = List.of("firstTimestamp", "lastTimestamp");
    private static final List<String> FIXED = List.of(
            "involvedObject",
            "reason",
            "message",
            "source",
            "firstTimestamp",
            "lastTimestamp",
            "count",
            "type",
            "eventTime",
            "action",
            "related");

    private NewEventRules() {}

    static void check(ObjectNode event, Problems problems) {
        series(event, problems);
        if (!Tree.has(event, "eventTime")) {
            problems.required("eventTime", "");
        }
        String type = Tree.text(event, "type");
        if (!List.of("Normal", "Warning").contains(type)) {
            problems.invalid("type", "", "has invalid value: " + type);
        }
        for (String field : ONLY_OLD) {
            unset(Tree.has(event, field), field, problems);
        }
        unset(Tree.number(event, "count").orElse(0L) != 0, "count", problems);
        boolean source = Tree.has(event, "source", "component") || Tree.has(event, "source", "host");
        unset(source, "source", problems);
    }

    static void checkChange(ObjectNode updated, ObjectNode old, Problems problems) {
        if (!Tree.same(updated.path("series"), old.path("series"))) {
            series(updated, problems);
        }
        FIXED.forEach(field -> problems.immutable(field, updated.path(field), old.path(field)));
        problems.immutable("reportingController", updated.path("reportingComponent"), old.path("reportingComponent"));
        problems.immutable("reportingInstance", updated.path("reportingInstance"), old.path("reportingInstance"));
    }

    private static void unset(boolean there, String field, Problems problems) {
        if (there) {
            problems.invalid(field, "", "needs to be unset");
        }
    }

    private static void series(ObjectNode event, Problems problems) {
        Tree.object(event, "series").ifPresent(series -> {
            if (Tree.number(series, "count").orElse(0L) < 2) {
                problems.invalid("series.count", "", "should be at least 2");
            }
            if (!Tree.has(series, "lastObservedTime")) {
                problems.required("series.lastObservedTime", "");
            }
        });
    }
}
