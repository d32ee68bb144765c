package dev.keelson.apiserver.registry.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Column;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.print.Columns;
import dev.keelson.apiserver.registry.rules.KindRules;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.selector.LabelNames;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The declaration of Events. Their table does not begin with the name, so the list has a Name column of its own. */
public final class EventKind {
    private static final int WORD_LIMIT = 128;
    private static final int NOTE_LIMIT = 1024;

    private EventKind() {}

    public static ResourceDefinition definition() {
        return new ResourceDefinition(
                "",
                "v1",
                "Event",
                "events",
                "event",
                List.of("ev"),
                List.of(),
                true,
                Set.of(),
                KindRules.none().checking(EventKind::check),
                columns(),
                Set.of(
                        "involvedObject.kind",
                        "involvedObject.namespace",
                        "involvedObject.name",
                        "involvedObject.uid",
                        "involvedObject.apiVersion",
                        "involvedObject.resourceVersion",
                        "involvedObject.fieldPath",
                        "reason",
                        "reportingComponent",
                        "source",
                        "type"));
    }

    private static void check(ObjectNode event, Problems problems) {
        String own = Tree.text(event, "metadata", "namespace");
        String involved = Tree.text(event, "involvedObject", "namespace");
        // Who says when it happened speaks the newer language, in which less may be left out.
        boolean newer = Tree.has(event, "eventTime");
        // Events about cluster-wide objects such as nodes live in the namespace default.
        boolean inPlace = involved.isEmpty()
                ? own.equals("default") || newer && own.equals("kube-system")
                : newer || involved.equals(own);
        if (!inPlace) {
            problems.invalid("involvedObject.namespace", involved, "does not match event.namespace");
        }
        if (newer) {
            checkNewer(event, problems);
        }
    }

    private static void checkNewer(ObjectNode event, Problems problems) {
        String controller = Tree.text(event, "reportingComponent");
        if (controller.isEmpty()) {
            problems.required("reportingController", "");
        }
        LabelNames.keyProblems(controller).forEach(words -> problems.invalid("reportingController", controller, words));
        for (String field : List.of("reportingInstance", "action", "reason")) {
            if (Tree.text(event, field).isEmpty()) {
                problems.required(field, "");
            }
            atMost(WORD_LIMIT, event, field, problems);
        }
        atMost(NOTE_LIMIT, event, "message", problems);
    }

    private static void atMost(int limit, ObjectNode event, String field, Problems problems) {
        if (Tree.text(event, field).getBytes(StandardCharsets.UTF_8).length > limit) {
            problems.invalid(field, "", "can have at most %d characters".formatted(limit));
        }
    }

    private static List<Column> columns() {
        return List.of(
                new Column("Last Seen", "string", "", "When it was seen last.", 0, EventKind::lastSeen),
                Columns.text("Type", "Normal or Warning.", event -> Tree.text(event, "type")),
                Columns.text("Reason", "Short, machine readable reason.", event -> Tree.text(event, "reason")),
                Columns.text("Object", "The object it is about.", EventKind::involved),
                Columns.wide(
                        "Subobject",
                        "The part of the object.",
                        event -> Tree.text(event, "involvedObject", "fieldPath")),
                Columns.wide("Source", "Who reports it.", EventKind::source),
                Columns.text("Message", "What happened.", event -> Tree.text(event, "message")
                        .strip()),
                new Column("First Seen", "string", "", "When it was seen first.", 1, EventKind::firstSeen),
                new Column("Count", "string", "", "How often it was seen.", 1, (event, now) -> count(event)),
                new Column(
                        "Name",
                        "string",
                        "name",
                        "Name of the event.",
                        1,
                        (event, now) -> Tree.text(event, "metadata", "name")));
    }

    private static String firstSeen(ObjectNode event, Instant now) {
        String first = Tree.text(event, "firstTimestamp");
        return Columns.since(first.isEmpty() ? Tree.text(event, "eventTime") : first, now);
    }

    private static String lastSeen(ObjectNode event, Instant now) {
        String series = Tree.text(event, "series", "lastObservedTime");
        String last = series.isEmpty() ? Tree.text(event, "lastTimestamp") : series;
        return last.isEmpty() ? firstSeen(event, now) : Columns.since(last, now);
    }

    private static long count(ObjectNode event) {
        long single = Tree.number(event, "count").orElse(0L);
        return Tree.number(event, "series", "count").orElse(Math.max(single, 1));
    }

    private static String involved(ObjectNode event) {
        String kind = Tree.text(event, "involvedObject", "kind").toLowerCase(Locale.ROOT);
        String name = Tree.text(event, "involvedObject", "name");
        return name.isEmpty() ? kind : kind + "/" + name;
    }

    private static String source(ObjectNode event) {
        String component = either(Tree.text(event, "source", "component"), Tree.text(event, "reportingComponent"));
        String instance = either(Tree.text(event, "source", "host"), Tree.text(event, "reportingInstance"));
        return instance.isEmpty() ? component : component + ", " + instance;
    }

    private static String either(String first, String second) {
        return first.isEmpty() ? second : first;
    }
}
