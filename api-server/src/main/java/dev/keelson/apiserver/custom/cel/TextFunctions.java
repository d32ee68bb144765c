package dev.keelson.apiserver.custom.cel;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code find} and {@code findAll} by regular expressions (RE2), and {@code format}. */
final class TextFunctions {
    private TextFunctions() {}

    @SuppressWarnings({"rawtypes", "unchecked"})
    static void addTo(KubernetesLibrary library) {
        ListType texts = ListType.create(SimpleType.STRING);
        library.member(
                "find",
                SimpleType.STRING,
                SimpleType.STRING,
                String.class,
                SimpleType.STRING,
                String.class,
                (text, pattern) ->
                        findAll(text, pattern, 1).stream().findFirst().orElse(""));
        library.member(
                "findAll",
                texts,
                SimpleType.STRING,
                String.class,
                SimpleType.STRING,
                String.class,
                (text, pattern) -> findAll(text, pattern, Long.MAX_VALUE));
        library.member(
                "findAll",
                texts,
                List.of(SimpleType.STRING, SimpleType.STRING, SimpleType.INT),
                List.of(String.class, String.class, Long.class),
                arguments -> {
                    long limit = (Long) arguments[2];
                    return findAll((String) arguments[0], (String) arguments[1], limit < 0 ? Long.MAX_VALUE : limit);
                });
        library.member(
                "format",
                SimpleType.STRING,
                SimpleType.STRING,
                String.class,
                ListType.create(SimpleType.DYN),
                List.class,
                (text, values) -> format(text, values.iterator()));
    }

    private static List<String> findAll(String text, String pattern, long limit) {
        List<String> found = new ArrayList<>();
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        while (found.size() < limit && matcher.find()) {
            found.add(matcher.group());
        }
        return found;
    }

    private static String format(String text, Iterator<Object> values) {
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != '%') {
                out.append(c);
                continue;
            }
            int start = at;
            while (at < text.length() && ".0123456789".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
            if (at == text.length()) {
                throw new IllegalArgumentException("unexpected end of format string");
            }
            String precision = text.substring(start, at);
            char verb = text.charAt(at++);
            if (verb == '%') {
                out.append('%');
            } else if (values.hasNext()) {
                out.append(clause(verb, precision, values.next()));
            } else {
                throw new IllegalArgumentException("index out of range: too few arguments for format");
            }
        }
        return out.toString();
    }

    private static String clause(char verb, String precision, Object value) {
        if (precision.length() > 4) {
            throw new IllegalArgumentException("the precision " + precision + " is too large");
        }
        String digits = precision.isEmpty() ? ".6" : precision;
        return switch (verb) {
            case 's' -> shown(value);
            case 'd' -> Long.toString(((Number) value).longValue());
            case 'f' -> String.format(Locale.ROOT, "%" + digits + "f", ((Number) value).doubleValue());
            case 'e' -> String.format(Locale.ROOT, "%" + digits + "e", ((Number) value).doubleValue());
            case 'b' -> value instanceof Boolean bit ? (bit ? "1" : "0") : Long.toBinaryString((Long) value);
            case 'o' -> Long.toOctalString((Long) value);
            case 'x' -> value instanceof String text ? hex(text) : Long.toHexString((Long) value);
            case 'X' ->
                (value instanceof String text ? hex(text) : Long.toHexString((Long) value)).toUpperCase(Locale.ROOT);
            default -> throw new IllegalArgumentException("unrecognized formatting clause \"" + verb + "\"");
        };
    }

    private static String hex(String text) {
        return java.util.HexFormat.of().formatHex(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static String shown(Object value) {
        return switch (value) {
            case List<?> items -> items.stream().map(TextFunctions::shown).collect(Collectors.joining(", ", "[", "]"));
            case Map<?, ?> fields ->
                fields.entrySet().stream()
                        .map(entry -> shown(entry.getKey()) + ":" + shown(entry.getValue()))
                        .sorted()
                        .collect(Collectors.joining(", ", "{", "}"));
            case Double number
            when number == Math.rint(number) && !Double.isInfinite(number) -> Long.toString(number.longValue());
            default -> value.toString();
        };
    }
}
