package dev.keelson.apiserver.registry.rules;

import dev.keelson.apiserver.registry.NameRule;
import java.util.Locale;

/** Names of drivers for volumes (core/validation's {@code ValidateCSIDriverName}). */
public final class CsiNames {
    private static final int LONGEST = 63;

    private CsiNames() {}

    /** An empty name is judged, too. */
    public static void driver(String name, String path, Problems problems) {
        if (name.isEmpty()) {
            problems.required(path, "");
        }
        if (name.length() > LONGEST) {
            problems.tooLong(path, LONGEST);
        }
        NameRule.DNS_SUBDOMAIN
                .problems(name.toLowerCase(Locale.ROOT))
                .forEach(words -> problems.invalid(path, name, words));
    }
}
