package dev.keelson.apiserver.custom.schema;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.keelson.apiserver.registry.rules.Addresses;
import dev.keelson.apiserver.registry.rules.Netip;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The formats that Kubernetes 1.32 checks in custom resources, as exactly as it does (kube-openapi's {@code strfmt}); a
 * format that it does not know says nothing.
 */
public final class Formats {
    private static final String HEX = "[0-9a-fA-F]";
    private static final String LETTER = "[a-zA-Z0-9\\pS\\pL]";
    private static final String COLOR = "\\s*(?:0|[1-9][0-9]?|1[0-9]{1,2}|2[0-4][0-9]|25[0-5])\\s*";
    private static final String ATOM = "[a-zA-Z0-9!#$%&'*+\\-/=?^_`{|}~\\x{80}-\\x{10FFFF}]+";
    private static final String WORD = "(?:" + ATOM + "(?:\\." + ATOM + ")*|\"(?:[^\"\\\\\\r\\n]|\\\\.)*\")";
    private static final String MAILBOX = WORD + "@" + ATOM + "(?:\\." + ATOM + ")*";

    private static final Pattern HOSTNAME = Pattern.compile(LETTER + "-?" + LETTER + "{0,62}|(?:" + LETTER
            + "(?:[a-zA-Z0-9\\-\\pS\\pL]{0,61}" + LETTER + ")?\\.)+[a-zA-Z\\pL]{2,63}");
    private static final Pattern TIME =
            Pattern.compile("([0-9]{2}):([0-9]{2}):([0-9]{2})(?:.[0-9]+)?(?:z|[+-][0-9]{2}:[0-9]{2})");
    private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    private static final Pattern GO_DURATION =
            Pattern.compile("[-+]?(?:0|(?:(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h))+)");
    private static final Pattern PART_OF_DURATION = Pattern.compile("([0-9]+)\\s*([A-Za-zµ]+)");
    private static final int MOST_DIGITS = 18;
    private static final List<String> SHORT_UNITS =
            List.of("ns", "us", "µs", "ms", "s", "m", "h", "hr", "d", "w", "wk");
    private static final List<String> LONG_UNITS =
            List.of("nano", "micro", "milli", "sec", "min", "hour", "day", "week");

    private static final Map<String, Predicate<String>> BY_NAME = Map.ofEntries(
            pattern("bsonobjectid", HEX + "{24}"),
            Map.entry("uri", RequestUri::isOne),
            pattern("email", "\\s*(?:" + MAILBOX + "|(?:" + WORD + "\\s*)*<" + MAILBOX + ">)\\s*"),
            Map.entry("hostname", Formats::hostname),
            Map.entry("ipv4", text -> text.contains(".") && ip(text)),
            Map.entry("ipv6", text -> text.contains(":") && ip(text)),
            Map.entry("cidr", Formats::cidr),
            Map.entry("mac", mac()),
            uuid("uuid", HEX, HEX),
            uuid("uuid3", "3", HEX),
            uuid("uuid4", "4", "[89abAB]"),
            uuid("uuid5", "5", "[89abAB]"),
            Map.entry("isbn", text -> CheckDigits.isbn10(text) || CheckDigits.isbn13(text)),
            Map.entry("isbn10", CheckDigits::isbn10),
            Map.entry("isbn13", CheckDigits::isbn13),
            Map.entry("creditcard", CheckDigits::creditCard),
            pattern("ssn", "[0-9]{3}[- ]?[0-9]{2}[- ]?[0-9]{4}"),
            pattern("hexcolor", "#?(?:" + HEX + "{3}|" + HEX + "{6})"),
            pattern("rgbcolor", "rgb\\(" + COLOR + "," + COLOR + "," + COLOR + "\\)"),
            pattern("byte", "(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})"),
            Map.entry("password", text -> true),
            Map.entry("date", Formats::date),
            Map.entry("datetime", Formats::dateTime),
            Map.entry("duration", Formats::duration));

    private Formats() {}

    /** Whether a text is of the format, or the format none that is known. */
    public static boolean holds(String format, String text) {
        return BY_NAME.getOrDefault(plain(format), any -> true).test(text);
    }

    /** Whether a format means anything for values of a type; empty for values of any type. */
    static boolean isKnown(String format, String type) {
        return switch (type) {
            case "", "string" -> BY_NAME.containsKey(plain(format));
            case "integer" -> format.equals("int32") || format.equals("int64");
            case "number" -> format.equals("float") || format.equals("double");
            default -> false;
        };
    }

    /** {@code date-time} and {@code datetime} are the same. */
    private static String plain(String format) {
        return format.replace("-", "");
    }

    private static Map.Entry<String, Predicate<String>> pattern(String format, String regex) {
        return Map.entry(format, matching(regex));
    }

    private static Predicate<String> matching(String regex) {
        Pattern pattern = Pattern.compile(regex);
        return text -> pattern.matcher(text).matches();
    }

    private static Map.Entry<String, Predicate<String>> uuid(String name, String version, String variant) {
        return pattern(
                name, HEX + "{8}-?" + HEX + "{4}-?" + version + HEX + "{3}-?" + variant + HEX + "{3}-?" + HEX + "{12}");
    }

    /** Six, eight or twenty bytes, in pairs or fours of digits. */
    private static Predicate<String> mac() {
        Predicate<String> any = text -> false;
        for (int bytes : List.of(6, 8, 20)) {
            String pairs = HEX + "{2}(?:%1$s" + HEX + "{2}){" + (bytes - 1) + "}";
            String fours = HEX + "{4}(?:\\." + HEX + "{4}){" + (bytes / 2 - 1) + "}";
            any = any.or(matching(pairs.formatted(":") + "|" + pairs.formatted("-") + "|" + fours));
        }
        return any;
    }

    private static boolean hostname(String text) {
        return text.length() <= 255
                && HOSTNAME.matcher(text).matches()
                && List.of(text.split("\\.")).stream().allMatch(label -> label.length() <= 63);
    }

    private static boolean ip(String text) {
        return Addresses.isIp(text) && Netip.addressProblem(text).isEmpty();
    }

    private static boolean cidr(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !ip(text.substring(0, slash))) {
            return false;
        }
        int bits = text.lastIndexOf(':', slash) < 0 ? 32 : 128;
        String length = text.substring(slash + 1);
        return length.matches("[0-9]{1,7}") && Integer.parseInt(length) <= bits;
    }

    private static boolean date(String text) {
        try {
            return DATE.matcher(text).matches()
                    && LocalDate.parse(text).toString().equals(text);
        } catch (DateTimeException bad) {
            return false;
        }
    }

    private static boolean dateTime(String text) {
        String[] parts = text.toLowerCase(Locale.ROOT).split("t", -1);
        if (parts.length < 2 || !date(parts[0])) {
            return false;
        }
        Matcher time = TIME.matcher(parts[1]);
        return time.matches()
                && time.group(1).compareTo("23") <= 0
                && time.group(2).compareTo("59") <= 0
                && time.group(3).compareTo("59") <= 0;
    }

    /** As Go reads it, or as Scala does: {@code 1m30s}, {@code 22 ns}, {@code 3 days}. */
    private static boolean duration(String text) {
        if (GO_DURATION.matcher(text).matches()) {
            return true;
        }
        boolean found = false;
        Matcher part = PART_OF_DURATION.matcher(text);
        while (part.find()) {
            if (part.group(1).length() > MOST_DIGITS) {
                return false;
            }
            String unit = part.group(2).toLowerCase(Locale.ROOT);
            found |= SHORT_UNITS.contains(unit) || LONG_UNITS.stream().anyMatch(unit::startsWith);
        }
        return found;
    }
}
