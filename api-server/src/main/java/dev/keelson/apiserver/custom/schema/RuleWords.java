package dev.keelson.apiserver.custom.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;

/** Judges what a rule of a schema says beside its expressions. */
final class RuleWords {
    private static final List<String> REASONS =
            List.of("FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired");

    private RuleWords() {}

    static void check(JsonNode rule, Structural schema, String path, Problems problems) {
        String text = Tree.text(rule, "rule").strip();
        String message = Tree.text(rule, "message");
        if (text.isEmpty()) {
            problems.required(path + ".rule", "rule is not specified");
        } else if (!message.isEmpty() && message.isBlank()) {
            problems.invalid(path + ".message", message, "message must be non-empty if specified");
        } else if (hasLineBreak(message.strip())) {
            problems.invalid(path + ".message", message, "message must not contain line breaks");
        } else if (hasLineBreak(text) && message.isBlank()) {
            problems.required(path + ".message", "message must be specified if rule contains line breaks");
        }
        String messageExpression = Tree.text(rule, "messageExpression");
        if (!messageExpression.isEmpty() && messageExpression.isBlank()) {
            problems.required(path + ".messageExpression", "messageExpression must be non-empty if specified");
        }
        JsonNode reason = rule.path("reason");
        if (reason.isTextual() && !REASONS.contains(reason.textValue())) {
            problems.notSupported(path + ".reason", reason, REASONS);
        }
        fieldPath(Tree.text(rule, "fieldPath"), schema, path + ".fieldPath", problems);
    }

    private static void fieldPath(String fieldPath, Structural schema, String path, Problems problems) {
        if (fieldPath.isEmpty()) {
            return;
        }
        if (fieldPath.isBlank()) {
            problems.invalid(path, fieldPath, "fieldPath must be non-empty if specified");
        }
        if (hasLineBreak(fieldPath)) {
            problems.invalid(path, fieldPath, "fieldPath must not contain line breaks");
        }
        if (FieldPath.shown(fieldPath, schema).isEmpty()) {
            problems.invalid(path, fieldPath, "fieldPath must be a valid path");
        }
    }

    private static boolean hasLineBreak(String text) {
        return text.contains("\n") || text.contains("\r");
    }
}
