package dev.keelson.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/**
 * A column of a Table (meta.k8s.io/v1 TableColumnDefinition).
 *
 * @param type {@code string}, {@code integer}, {@code date} …
 * @param priority 0 is always shown, above 0 only with {@code -o wide}
 * @param cell the value for one object at one moment
 */
public record Column(
        String name,
        String type,
        String format,
        String description,
        int priority,
        BiFunction<ObjectNode, Instant, Object> cell) {

    /** The same column for objects of another form, from which the given function makes the one that it knows. */
    public Column reading(UnaryOperator<ObjectNode> form) {
        return new Column(
                name, type, format, description, priority, (object, now) -> cell.apply(form.apply(object), now));
    }

    /** The same column, shown without {@code -o wide}. */
    public Column shownAlways() {
        return new Column(name, type, format, description, 0, cell);
    }
}
