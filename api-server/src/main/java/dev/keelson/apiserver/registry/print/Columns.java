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
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

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

    /** A count of the status, zero when it is not there. */
    public static Column count(String name, String description, String field) {
        return integer(name, description, object -> Tree.number(object, "status", field)
                .orElse(0L));
    }

    /** A count that Kubernetes declares as text, and sends as the number that it is. */
    public static Column number(String name, String description, ToLongFunction<ObjectNode> cell) {
        return new Column(name, "string", "", description, 0, (object, now) -> cell.applyAsLong(object));
    }

    /** A yes or no. */
    public static Column flag(String name, String description, Predicate<ObjectNode> cell) {
        return new Column(name, "boolean", "", description, 0, (object, now) -> cell.test(object));
    }

    /** The text at a path, or what stands for none. */
    public static Column text(String name, String description, String none, String... path) {
        return text(name, description, object -> {
            String text = Tree.at(object, path).asText("");
            return text.isEmpty() ? none : text;
        });
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

    /** The first of many: {@code a,b,c + 2 more...}. */
    public static String first(int most, String separator, List<String> all) {
        String shown = String.join(separator, all.stream().limit(most).toList());
        return all.size() <= most ? shown : shown + " + %d more...".formatted(all.size() - most);
    }

    /** Where a load balancer is reached, sorted: addresses, or names where there is no address. */
    public static List<String> balancers(ObjectNode object) {
        return Tree.objects(object, "status", "loadBalancer", "ingress").stream()
                .map(entry -> Tree.has(entry, "ip") ? Tree.text(entry, "ip") : Tree.text(entry, "hostname"))
                .filter(address -> !address.isEmpty())
                .distinct()
                .sorted()
                .toList();
    }

    /** Number of entries of an object or array; none when absent. */
    public static long size(JsonNode container) {
        return container.isContainerNode() ? container.size() : 0;
    }

    /** The columns of kinds that run pods from a template: containers, images and selector, all wide. */
    public static List<Column> template() {
        return List.of(
                containers("spec", "template"),
                images("spec", "template"),
                wide(
                        "Selector",
                        "Labels that the object's pods have.",
                        object -> Selectors.format(Tree.at(object, "spec", "selector"))));
    }

    /** @param template path of the template */
    public static Column containers(String... template) {
        return wide("Containers", "Names of the containers in the template.", inContainers("name", template));
    }

    /** @param template path of the template */
    public static Column images(String... template) {
        return wide("Images", "Images of the containers in the template.", inContainers("image", template));
    }

    private static Function<ObjectNode, String> inContainers(String field, String... template) {
        return object -> Tree.objects(Tree.at(object, template), "spec", "containers").stream()
                .map(container -> Tree.text(container, field))
                .collect(Collectors.joining(","));
    }
}
