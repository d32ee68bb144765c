package dev.keelson.apiserver.registry.rules;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.NameRule;
import java.util.Optional;

/** Ports by number and by name (apimachinery's IsValidPortNum and IsValidPortName). */
public final class PortRules {
    public static final String PORT_WORDS = "must be between 1 and 65535, inclusive";

    private PortRules() {}

    public static boolean isPort(JsonNode value) {
        return value.isIntegralNumber()
                && value.canConvertToInt()
                && value.intValue() >= 1
                && value.intValue() <= 65535;
    }

    /** What is wrong with a port's name (IANA service name), if anything. */
    public static Optional<String> nameProblem(String name) {
        if (name.length() > 15) {
            return Optional.of("must be no more than 15 characters");
        }
        if (!name.chars().allMatch(c -> c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-')) {
            return Optional.of("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
        }
        if (name.chars().noneMatch(c -> c >= 'a' && c <= 'z')) {
            return Optional.of("must contain at least one letter (a-z)");
        }
        if (name.contains("--")) {
            return Optional.of("must not contain consecutive hyphens");
        }
        return name.startsWith("-") || name.endsWith("-")
                ? Optional.of("must not begin or end with a hyphen")
                : Optional.empty();
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
            nameProblem(value.textValue()).ifPresent(words -> problems.invalid(field, value, words));
        } else {
            problems.port(field, value);
        }
    }
}
