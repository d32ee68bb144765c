package dev.keelson.apiserver.registry.rules;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Pattern;

/** Values that are a number of things or a percentage of them (IntOrString). */
public final class CountRules {
    private static final Pattern PERCENT = Pattern.compile("[0-9]{1,9}%");
    private static final String PERCENT_WORDS =
            "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%',"
                    + " regex used for validation is '[0-9]+%')";

    private CountRules() {}

    /** Absent is not judged. */
    public static void countOrPercent(JsonNode value, String path, Problems problems) {
        if (value.isTextual() && !isPercent(value)) {
            problems.invalidShown(path, GoSyntax.intOrString(value), PERCENT_WORDS);
        }
        problems.notNegative(path, value);
    }

    public static void notAboveHundredPercent(JsonNode value, String path, Problems problems) {
        if (isPercent(value) && percent(value) > 100) {
            problems.invalidShown(path, GoSyntax.intOrString(value), "must not be greater than 100%");
        }
    }

    public static boolean isZero(JsonNode value) {
        return value.isNumber() ? value.asLong() == 0 : isPercent(value) && percent(value) == 0;
    }

    private static boolean isPercent(JsonNode value) {
        return value.isTextual() && PERCENT.matcher(value.textValue()).matches();
    }

    private static long percent(JsonNode value) {
        String text = value.textValue();
        return Long.parseLong(text.substring(0, text.length() - 1));
    }
}
