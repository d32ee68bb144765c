package dev.keelson.apiserver.registry.rules;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.NameRule;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Ports by number and by name (apimachinery's IsValidPortNum and IsValidPortName). */
public final class PortRules {
    public static final String PORT_WORDS = "must be between 1 and 65535, inclusive";

    private static final Pattern CHARACTERS = Pattern.compile("[-a-z0-9]+");

    private PortRules() {}

    public static boolean isPort(JsonNode value) {
        return value.isIntegralNumber()
                && value.canConvertToInt()
                && value.intValue() >= 1
                && value.intValue() <= 65535;
    }

    /** Everything that is wrong with a port's name (IANA service name). */
    public static List<String> nameProblems(String name) {
        List<String> wrong = new ArrayList<>();
        if (name.length() > 15) {
            wrong.add("must be no more than 15 characters");
        }
        if (!CHARACTERS.matcher(name).matches()) {
            wrong.add("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
        }
        if (name.chars().noneMatch(c -> c >= 'a' && c <= 'z')) {
            wrong.add("must contain at least one letter (a-z)");
        }
        if (name.contains("--")) {
            wrong.add("must not contain consecutive hyphens");
        }
        if (name.startsWith("-") || name.endsWith("-")) {
            wrong.add("must not begin or end with a hyphen");
        }
        return wrong;
    }

    /** Judges name and number of a port of a Service or of Endpoints; among several ports each needs its name. */
    public static void nameAndNumber(Problems problems, Tree.Item item, boolean named) {
        JsonNode port = item.value();
        if (named && !Tree.has(port, "name")) {
            problems.required(item.path() + ".name", "");
        } else {
            problems.named(item.path() + ".name", port.path("name"), NameRule.DNS_LABEL);
        }
        if (!isPort(port.path("port"))) {
            problems.invalid(item.path() + ".port", port.path("port"), PORT_WORDS);
        }
    }

    /** Judges an IntOrString that names a port by number or name; absent is not judged. */
    public static void portOrName(Problems problems, String field, JsonNode value) {
        if (value.isTextual()) {
            nameProblems(value.textValue()).forEach(words -> problems.invalid(field, value, words));
        } else {
            problems.port(field, value);
        }
    }
}
