package dev.keelson.apiserver.custom.cel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.keelson.apiserver.custom.schema.FieldPath;
import dev.keelson.apiserver.custom.schema.Structural;
import dev.keelson.apiserver.registry.FieldError;
import dev.keelson.apiserver.registry.FieldError.Type;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** One run of a schema's rules over one object; the first rule that costs too much ends it. */
final class CelCheck {
    /** Bytes of a message that an expression makes (Kubernetes' MaxEvaluatedMessageExpressionSizeBytes). */
    private static final int LONGEST_MESSAGE = 5 * 1024;

    private final CelRules rules;
    private final List<FieldError> errors;
    private final CelMeter meter = new CelMeter();

    /**
     * Where a value stands.
     *
     * @param path in the object, for errors
     * @param type name of its type
     * @param resource whether it is an object with metadata
     */
    record Place(String path, String type, boolean resource) {
        Place property(String name, boolean embedded) {
            return new Place(path.isEmpty() ? name : path + "." + name, type + "." + name, embedded);
        }

        Place value(String key, boolean embedded) {
            return new Place(path.isEmpty() ? key : path + "[" + key + "]", type + ".@elem", embedded);
        }

        Place item(int index, boolean embedded) {
            return new Place(path + "[" + index + "]", type + ".@idx", embedded);
        }
    }

    /**
     * What a value was before a change.
     *
     * @param self what rules know as oldSelf
     * @param counterpart what the value is compared with; parts of atomic maps have one, but no oldSelf
     * @param unchanged whether the value, or else the nearest one around it that has a counterpart, is what it was
     */
    record Before(Optional<JsonNode> self, Optional<JsonNode> counterpart, BooleanSupplier unchanged) {
        static Before of(JsonNode value, Optional<JsonNode> old) {
            return new Before(old, old, () -> Structural.unchanged(value, old));
        }

        /** What a part was whose counterpart is known, if there is one. */
        Before part(JsonNode value, Optional<JsonNode> old, boolean comparable) {
            return new Before(
                    self.flatMap(was -> old).filter(was -> comparable),
                    old,
                    old.isPresent() ? () -> Structural.unchanged(value, old) : unchanged);
        }
    }

    CelCheck(CelRules rules, List<FieldError> errors) {
        this.rules = rules;
        this.errors = errors;
    }

    void value(JsonNode value, Before old, Structural schema, Place place) {
        if (value.isNull() || meter.spent() || !rules.judges(schema)) {
            return;
        }
        List<CompiledRule> own = rules.of(schema, place.type(), place.resource());
        if (!own.isEmpty()) {
            run(own, value, old, schema, place);
        }
        switch (value) {
            case ObjectNode object -> fields(object, old, schema, place);
            case ArrayNode array -> items(array, old, schema, place);
            default -> {}
        }
    }

    private void fields(ObjectNode object, Before old, Structural schema, Place place) {
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            String name = entry.getKey();
            Before before = old.part(
                    entry.getValue(),
                    old.counterpart().flatMap(was -> Optional.ofNullable(was.get(name))),
                    !schema.atomicMap());
            Optional<Structural> property = schema.property(name);
            if (property.isPresent()) {
                value(
                        entry.getValue(),
                        before,
                        property.get(),
                        place.property(name, property.get().embedsResource()));
            } else {
                schema.values()
                        .ifPresent(below ->
                                value(entry.getValue(), before, below, place.value(name, below.embedsResource())));
            }
        }
    }

    private void items(ArrayNode array, Before old, Structural schema, Place place) {
        Optional<Structural> items = schema.items();
        if (items.isEmpty()) {
            return;
        }
        Map<List<JsonNode>, JsonNode> before =
                old.counterpart().map(schema::byKeys).orElse(Map.of());
        for (int i = 0; i < array.size(); i++) {
            JsonNode item = array.get(i);
            Optional<JsonNode> same = Optional.ofNullable(before.get(schema.keysOf(item)));
            value(
                    item,
                    old.part(item, same, true),
                    items.get(),
                    place.item(i, items.get().embedsResource()));
        }
    }

    private void run(List<CompiledRule> own, JsonNode value, Before old, Structural schema, Place place) {
        Map<String, Object> variables = new HashMap<>();
        variables.put("self", CelValues.of(value, schema, place.resource()));
        Optional<Object> before = old.self()
                .filter(was -> !was.isNull() && was.getNodeType() == value.getNodeType())
                .map(was -> CelValues.of(was, schema, place.resource()));
        for (CompiledRule rule : own) {
            if (meter.spent()) {
                return;
            }
            if (rule.usesOldSelf()) {
                if (before.isEmpty() && !rule.rule().optionalOldSelf()) {
                    continue;
                }
                variables.put("oldSelf", rule.rule().optionalOldSelf() ? before : before.get());
            }
            run(rule, variables, old, schema, place);
        }
    }

    private void run(CompiledRule rule, Map<String, Object> variables, Before old, Structural schema, Place place) {
        try {
            meter.begin();
            // What a rule about the value alone finds wrong is forgiven where nothing has changed.
            if (!Boolean.TRUE.equals(evaluate(rule.program(), variables))
                    && (rule.usesOldSelf() || !old.unchanged().getAsBoolean())) {
                errors.add(broken(rule, variables, schema, place));
            }
        } catch (CelEvaluationException | RuntimeException failed) {
            errors.add(FieldError.invalid(shown(place.path()), quoted(shownType(schema)), why(rule, failed)));
        }
    }

    private Object evaluate(CelRuntime.Program program, Map<String, Object> variables) throws CelEvaluationException {
        try {
            return program.trace(variables, meter);
        } catch (StackOverflowError deep) {
            // A regular expression, which may come out of the object, is read by a program that recurs with its groups.
            throw new IllegalArgumentException("the regular expression nests too deeply", deep);
        }
    }

    private String why(CompiledRule rule, Exception failed) {
        if (meter.spent()) {
            return "validation failed due to running out of cost budget, no further validation rules will be run";
        }
        if (callExceeded(failed)) {
            meter.exhaust();
            return "'operation cancelled: actual cost limit exceeded': no further validation rules will be run due to"
                    + " call cost exceeds limit for rule: " + rule.rule().shown();
        }
        return CelWords.evaluation(failed, rule.rule());
    }

    private boolean callExceeded(Exception failed) {
        return meter.callExceeded() || String.valueOf(failed.getMessage()).contains("Iteration budget exceeded");
    }

    private FieldError broken(CompiledRule rule, Map<String, Object> variables, Structural schema, Place place) {
        String below = FieldPath.shown(rule.rule().fieldPath(), schema).orElse("");
        String path =
                shown(below.isEmpty() || place.path().isEmpty() ? place.path() + below : place.path() + "." + below);
        String value = quoted(shownType(schema));
        Message message = message(rule, variables);
        if (message.failed()) {
            return FieldError.invalid(path, value, message.text());
        }
        return switch (rule.rule().reason()) {
            case "FieldValueForbidden" -> FieldError.forbidden(path, message.text());
            case "FieldValueRequired" -> FieldError.required(path, message.text());
            // What is said of it twice is not said at all, as in Kubernetes.
            case "FieldValueDuplicate" -> new FieldError(Type.DUPLICATE, path, value, "");
            default -> FieldError.invalid(path, value, message.text());
        };
    }

    /** @param failed whether it is not about the value, but about the expression that was to make it */
    private record Message(String text, boolean failed) {}

    /** An expression that fails, or says nothing, leaves the word to the plain message; one that costs too much does not. */
    private Message message(CompiledRule rule, Map<String, Object> variables) {
        Message plain = new Message(rule.rule().fallbackMessage(), false);
        if (rule.message().isEmpty()) {
            return plain;
        }
        try {
            meter.begin();
            Object made = evaluate(rule.message().get(), variables);
            return made instanceof String text && isUseful(text.strip()) ? new Message(text.strip(), false) : plain;
        } catch (CelEvaluationException | RuntimeException failed) {
            if (meter.spent()) {
                return new Message(
                        "messageExpression evaluation failed due to running out of cost budget, no further validation"
                                + " rules will be run",
                        true);
            }
            if (callExceeded(failed)) {
                meter.exhaust();
                return new Message(
                        "no further validation rules will be run due to call cost exceeds limit for messageExpression: "
                                + quoted(rule.rule().messageExpression()),
                        true);
            }
            return plain;
        }
    }

    private static boolean isUseful(String message) {
        return !message.isEmpty()
                && message.indexOf('\n') < 0
                && message.getBytes(StandardCharsets.UTF_8).length <= LONGEST_MESSAGE;
    }

    private static String shown(String path) {
        return path.isEmpty() ? "<nil>" : path;
    }

    private static String shownType(Structural schema) {
        return schema.isIntOrString() ? "" : schema.type();
    }

    private static String quoted(String text) {
        return TextNode.valueOf(text).toString();
    }
}
