package dev.keelson.apiserver.registry.print;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Column;
import dev.keelson.apiserver.registry.rules.Tree;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** Builds the columns that kubectl's users know. */
public final class Columns {
    public static final String NONE = "<none>";

    private Columns() {}

    public static Column text(String name, String description, Function<ObjectNode, String> cell) {
        return new Column(name, "string", "", description, 0, (object, now) -> cell.apply(object));
    }

    public static Column wide(String name, String description, Function<ObjectNode, String> cell) {
        return new Column(name, "string", "", description, 1, (object, now) -> cell.apply(object));
    }

    public static Column integer(String name, String description, ToLongFunction<ObjectNode> cell) {
        return new Column(name, "integer", "", description, 0, (object, now) -> cell.applyAsLong(object));
    }

    /** The time since {@code metadata.creationTimestamp}. */
    public static Column age() {
        return new Column(
                "Age",
                "string",
                "",
                "Time since the object was created, rounded to the two largest units.",
                0,
                (object, now) -> since(Tree.text(object, "metadata", "creationTimestamp"), now));
    }

    /** How long ago a timestamp was: {@code 5m}; {@code <unknown>} when it is missing or unreadable. */
    public static String since(String timestamp, Instant now) {
        return instant(timestamp)
                .map(then -> HumanDuration.of(Duration.between(then, now)))
                .orElse("<unknown>");
    }

    /** A timestamp of an object, when it is there and readable (RFC 3339). */
    public static Optional<Instant> instant(String timestamp) {
        try {
            return timestamp.isEmpty()
                    ? Optional.empty()
                    : Optional.of(OffsetDateTime.parse(timestamp).toInstant());
        } catch (DateTimeException unreadable) {
            return Optional.empty();
        }
    }

    public static String orNone(String text) {
        return text.isEmpty() ? NONE : text;
    }

    public static String join(List<String> texts) {
        return texts.isEmpty() ? NONE : String.join(",", texts);
    }

    /** Number of entries of an object or array; none when absent. */
    public static long size(JsonNode container) {
        return container.isContainerNode() ? container.size() : 0;
    }

    /** The columns of kinds that run pods from a template: containers, images and selector, all wide. */
    public static List<Column> template() {
        return List.of(
                wide(
                        "Containers",
                        "Names of the containers in the template.",
                        object -> join(containers(object, "name"))),
                wide(
                        "Images",
                        "Images of the containers in the template.",
                        object -> join(containers(object, "image"))),
                wide(
                        "Selector",
                        "Labels that the object's pods have.",
                        object -> Selectors.format(Tree.at(object, "spec", "selector"))));
    }

    private static List<String> containers(ObjectNode object, String field) {
        return Tree.objects(object, "spec", "template", "spec", "containers").stream()
                .map(container -> Tree.text(container, field))
                .toList();
    }
}
