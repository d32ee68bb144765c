package dev.keelson.apiserver.custom.schema;

import com.google.re2j.Pattern;
import dev.keelson.apiserver.registry.rules.Addresses;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.Map;

/** The string formats that Kubernetes checks in custom resources; a format that it does not know says nothing. */
public final class Formats {
    private static final String HEX = "[0-9a-fA-F]";
    private static final Map<String, Pattern> BY_PATTERN = Map.ofEntries(
            pattern("bsonobjectid", HEX + "{24}"),
            pattern("email", "[^@\\s]+@[^@\\s]+"),
            pattern(
                    "hostname",
                    "([a-zA-Z0-9]([-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?)(\\.[a-zA-Z0-9]([-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?)*\\.?"),
            pattern("mac", "(" + HEX + "{2}[:-]){5}" + HEX + "{2}"),
            pattern("uuid", uuid(HEX)),
            pattern("uuid3", uuid("3")),
            pattern("uuid4", uuid("4")),
            pattern("uuid5", uuid("5")),
            pattern("isbn", "[0-9]{9}[0-9X]|[0-9]{13}"),
            pattern("isbn10", "[0-9]{9}[0-9X]"),
            pattern("isbn13", "[0-9]{13}"),
            pattern("creditcard", "[0-9]{12,19}"),
            pattern("ssn", "[0-9]{3}[- ]?[0-9]{2}[- ]?[0-9]{4}"),
            pattern("hexcolor", "#?(" + HEX + "{3}|" + HEX + "{6})"),
            pattern("rgbcolor", "rgb\\(\\s*[0-9]{1,3}\\s*,\\s*[0-9]{1,3}\\s*,\\s*[0-9]{1,3}\\s*\\)"),
            pattern("duration", "[-+]?(0|([0-9]*\\.?[0-9]+(ns|us|µs|ms|s|m|h|d|w))+)"));

    private Formats() {}

    public static boolean holds(String format, String text) {
        return switch (format) {
            case "date-time", "datetime" -> dateTime(text);
            case "date" -> date(text);
            case "byte" -> base64(text);
            case "uri" -> uri(text);
            case "ipv4" ->
                Addresses.familyOf(text).filter(Addresses.Family.IPV4::equals).isPresent();
            case "ipv6" ->
                Addresses.familyOf(text).filter(Addresses.Family.IPV6::equals).isPresent();
            case "cidr" -> Addresses.isCidr(text);
            default ->
                !BY_PATTERN.containsKey(format)
                        || BY_PATTERN.get(format).matcher(text).matches();
        };
    }

    private static Map.Entry<String, Pattern> pattern(String format, String regex) {
        return Map.entry(format, Pattern.compile(regex));
    }

    private static String uuid(String version) {
        return HEX + "{8}-" + HEX + "{4}-" + version + HEX + "{3}-" + HEX + "{4}-" + HEX + "{12}";
    }

    private static boolean dateTime(String text) {
        try {
            OffsetDateTime.parse(text);
            return true;
        } catch (DateTimeException bad) {
            return false;
        }
    }

    private static boolean date(String text) {
        try {
            LocalDate.parse(text);
            return true;
        } catch (DateTimeException bad) {
            return false;
        }
    }

    private static boolean base64(String text) {
        try {
            Base64.getDecoder().decode(text);
            return true;
        } catch (IllegalArgumentException bad) {
            return false;
        }
    }

    private static boolean uri(String text) {
        try {
            URI uri = new URI(text);
            return uri.isAbsolute() || text.startsWith("/");
        } catch (URISyntaxException bad) {
            return false;
        }
    }
}
