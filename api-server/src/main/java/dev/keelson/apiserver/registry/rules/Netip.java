package dev.keelson.apiserver.registry.rules;

import java.util.Optional;

/**
 * What Go's {@code net/netip} has to say of a text, in its words: it reads addresses more strictly than Kubernetes'
 * validation does, and Kubernetes passes on what it says.
 */
public final class Netip {
    private Netip() {}

    /** What {@code netip.ParseAddr} finds wrong. */
    public static Optional<String> addressProblem(String text) {
        return problem(text).map(words -> "ParseAddr(\"" + text + "\"): " + words);
    }

    /** What {@code netip.ParsePrefix} finds wrong. */
    public static Optional<String> prefixProblem(String text) {
        int slash = text.lastIndexOf('/');
        if (slash < 0) {
            return Optional.of(ofPrefix(text, "no '/'"));
        }
        Optional<String> address = addressProblem(text.substring(0, slash)).map(words -> ofPrefix(text, words));
        if (address.isPresent()) {
            return address;
        }
        String length = text.substring(slash + 1);
        return length.matches("0|[1-9][0-9]{0,2}")
                ? Optional.empty()
                : Optional.of(ofPrefix(text, "bad bits after slash: \"" + length + "\""));
    }

    private static String ofPrefix(String text, String words) {
        return "netip.ParsePrefix(\"" + text + "\"): " + words;
    }

    private static Optional<String> problem(String text) {
        for (int i = 0; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '.' -> {
                    return fieldsProblem(text);
                }
                case ':' -> {
                    return groupsProblem(text);
                }
                case '%' -> {
                    return Optional.of("missing IPv6 address");
                }
                default -> {
                    // Only a separator says which family it is.
                }
            }
        }
        return Optional.of("unable to parse IP");
    }

    private static Optional<String> groupsProblem(String text) {
        String tail = text.substring(text.lastIndexOf(':') + 1);
        Optional<String> fields = tail.indexOf('.') < 0 ? Optional.empty() : fieldsProblem(tail);
        return fields.isPresent() || Addresses.isIp(text) ? fields : Optional.of("unable to parse IP");
    }

    private static Optional<String> fieldsProblem(String text) {
        int value = 0;
        int fields = 0;
        int digits = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9') {
                if (digits == 1 && value == 0) {
                    return Optional.of("IPv4 field has octet with leading zero");
                }
                value = value * 10 + c - '0';
                digits++;
                if (value > 255) {
                    return Optional.of("IPv4 field has value >255");
                }
            } else if (c != '.') {
                return Optional.of("unexpected character" + at(text, i));
            } else if (digits == 0 || i == text.length() - 1) {
                return Optional.of("IPv4 field must have at least one digit" + at(text, i));
            } else if (++fields == 4) {
                return Optional.of("IPv4 address too long");
            } else {
                value = 0;
                digits = 0;
            }
        }
        return fields < 3 ? Optional.of("IPv4 address too short") : Optional.empty();
    }

    private static String at(String text, int index) {
        return " (at \"" + text.substring(index) + "\")";
    }
}
