package dev.keelson.apiserver.custom.cel;

import dev.cel.common.CelErrorCode;
import dev.cel.common.CelValidationResult;
import dev.cel.runtime.CelEvaluationException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is wrong with expressions, in the words of Go's implementation of CEL, which clients of Kubernetes know. */
final class CelWords {
    /** Overloads that would have fitted are not listed there. */
    private static final Pattern CANDIDATES = Pattern.compile(" \\(candidates: .*\\)$", Pattern.MULTILINE);

    private static final Pattern SYNTAX = Pattern.compile(
            "^(ERROR: <input>:\\d+:\\d+: )(?=mismatched input|token recognition error|extraneous input|no viable"
                    + " alternative|missing )",
            Pattern.MULTILINE);
    private static final Pattern PLACE = Pattern.compile("^evaluation error(?: at <input>:(\\d+))?: ", Pattern.DOTALL);
    private static final Pattern RANGE =
            Pattern.compile("(?:charAt|substring|indexOf|lastIndexOf) failure: \\D*(-?\\d+).*", Pattern.DOTALL);
    private static final String NO_OVERLOAD = "No matching overload";

    private CelWords() {}

    /** Why an expression does not compile. */
    static String compilation(CelValidationResult result) {
        String words = CANDIDATES.matcher(result.getErrorString()).replaceAll("");
        return "compilation failed: " + SYNTAX.matcher(words).replaceAll("$1Syntax error: ");
    }

    /**
     * Why an expression could not be evaluated.
     *
     * @param rule whose expression it is
     */
    static String evaluation(Exception failed, CelRule rule) {
        String words = String.valueOf(failed.getMessage());
        Matcher place = PLACE.matcher(words);
        int at = place.lookingAt() && place.group(1) != null ? Integer.parseInt(place.group(1)) : -1;
        String rest = place.lookingAt() ? words.substring(place.end()) : words;
        if (rest.startsWith(NO_OVERLOAD)) {
            return "'no such overload': call arguments did not match a supported operator, function or macro signature"
                    + " for rule: " + rule.shown();
        }
        CelErrorCode code =
                failed instanceof CelEvaluationException known ? known.getErrorCode() : CelErrorCode.INTERNAL_ERROR;
        String why =
                switch (code) {
                    case DIVIDE_BY_ZERO -> (rule.rule().startsWith("%", at) ? "modulus" : "division") + " by zero";
                    case ATTRIBUTE_NOT_FOUND -> "no such key: " + rest;
                    case INDEX_OUT_OF_BOUNDS -> rest.replaceFirst("^Index", "index");
                    case NUMERIC_OVERFLOW -> "integer overflow";
                    default -> function(failed, rest);
                };
        return why + " evaluating rule: " + rule.shown();
    }

    /** Of a function that failed, what it says itself. */
    private static String function(Exception failed, String words) {
        Matcher range = RANGE.matcher(words);
        if (range.matches()) {
            return "index out of range: " + range.group(1);
        }
        boolean wrapped = words.startsWith("Function '") && failed.getCause() != null;
        return wrapped ? String.valueOf(failed.getCause().getMessage()) : words;
    }
}
