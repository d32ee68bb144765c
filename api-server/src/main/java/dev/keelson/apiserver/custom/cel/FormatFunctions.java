package dev.keelson.apiserver.custom.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import dev.keelson.apiserver.custom.schema.Formats;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.selector.LabelNames;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** {@code format.named("dns1123Label")} and {@code validate}, which answers what is wrong. */
final class FormatFunctions {
    private static final CelType FORMAT = OpaqueType.create("kubernetes.NamedFormat");

    /** A named format and what it finds wrong with a text. */
    record NamedFormat(String name, Function<String, List<String>> problems) {}

    private static final Map<String, NamedFormat> FORMATS = Map.ofEntries(
            named("dns1123Label", NameRule.DNS_LABEL::problems),
            named("dns1123Subdomain", NameRule.DNS_SUBDOMAIN::problems),
            named("dns1035Label", NameRule.DNS_1035_LABEL::problems),
            named("qualifiedName", LabelNames::keyProblems),
            named("dns1123LabelPrefix", text -> NameRule.DNS_LABEL.problems(withoutDash(text))),
            named("dns1123SubdomainPrefix", text -> NameRule.DNS_SUBDOMAIN.problems(withoutDash(text))),
            named("dns1035LabelPrefix", text -> NameRule.DNS_1035_LABEL.problems(withoutDash(text))),
            named("labelValue", LabelNames::valueProblems),
            named("uri", text -> schema("uri", text)),
            named("uuid", text -> schema("uuid", text)),
            named("byte", text -> schema("byte", text)),
            named("date", text -> schema("date", text)),
            named("datetime", text -> schema("date-time", text)));

    private FormatFunctions() {}

    static void addTo(KubernetesLibrary library) {
        library.global(
                "format.named",
                OptionalType.create(FORMAT),
                SimpleType.STRING,
                String.class,
                name -> Optional.ofNullable(FORMATS.get(name)));
        library.member(
                "validate",
                OptionalType.create(ListType.create(SimpleType.STRING)),
                FORMAT,
                NamedFormat.class,
                SimpleType.STRING,
                String.class,
                (format, text) -> Optional.of(format.problems().apply(text)).filter(found -> !found.isEmpty()));
    }

    private static Map.Entry<String, NamedFormat> named(String name, Function<String, List<String>> problems) {
        return Map.entry(name, new NamedFormat(name, problems));
    }

    private static List<String> schema(String format, String text) {
        return Formats.holds(format, text) ? List.of() : List.of("invalid " + format);
    }

    /** A prefix may end in the dash that a generated name goes on behind. */
    private static String withoutDash(String prefix) {
        return prefix.endsWith("-") ? prefix.substring(0, prefix.length() - 1) + "a" : prefix;
    }
}
