package dev.keelson.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Column;
import dev.keelson.apiserver.registry.print.Columns;
import dev.keelson.apiserver.registry.rules.Tree;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The columns that a CustomResourceDefinition asks for; the age when it asks for none. */
final class CustomColumns {
    private CustomColumns() {}

    static List<Column> of(JsonNode version) {
        List<ObjectNode> declared = Tree.objects(version, "additionalPrinterColumns");
        if (declared.isEmpty()) {
            return List.of(new Column(
                    "Age",
                    "date",
                    "",
                    "CreationTimestamp is a timestamp representing the server time when this object was created.",
                    0,
                    (object, now) -> Columns.since(Tree.text(object, "metadata", "creationTimestamp"), now)));
        }
        // A path that cannot be read takes the columns behind it along, as in Kubernetes.
        return declared.stream()
                .takeWhile(column ->
                        JsonPath.problem(Tree.text(column, "jsonPath")).isEmpty())
                .map(CustomColumns::column)
                .toList();
    }

    private static Column column(ObjectNode declared) {
        String path = Tree.text(declared, "jsonPath");
        String type = Tree.text(declared, "type");
        String said = Tree.text(declared, "description");
        JsonPath parsed = JsonPath.parse(path);
        return new Column(
                Tree.text(declared, "name"),
                type,
                Tree.text(declared, "format"),
                said.isEmpty() ? "Custom resource definition column (in JSONPath format): " + path : said,
                Tree.number(declared, "priority").orElse(0L).intValue(),
                (object, now) -> cell(type, parsed.first(object), now));
    }

    /** A value that is not of the column's type is no value. */
    private static Object cell(String type, Optional<JsonNode> found, Instant now) {
        JsonNode value = found.orElse(NullNode.instance);
        return switch (type) {
            case "string" -> value.isNull() ? value : value.isTextual() ? value.textValue() : value.toString();
            case "integer" -> value.isNumber() ? value.longValue() : NullNode.instance;
            case "number" -> value.isNumber() ? value : NullNode.instance;
            case "boolean" -> value.isBoolean() ? value : NullNode.instance;
            case "date" -> value.isTextual() ? date(value.textValue(), now) : NullNode.instance;
            default -> NullNode.instance;
        };
    }

    private static String date(String text, Instant now) {
        return Columns.instant(text).isPresent() ? Columns.since(text, now) : "<invalid>";
    }
}
