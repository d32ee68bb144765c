package dev.keelson.apiserver.registry.rules;

import dev.keelson.apiserver.registry.NameRule;
import java.util.regex.Pattern;

/** Paths that begin with a domain, such as {@code acme.io/foo} (apimachinery's {@code IsDomainPrefixedPath}). */
public final class DomainPaths {
    private static final String PATH = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";
    private static final Pattern AS_PATH = Pattern.compile(PATH);

    private DomainPaths() {}

    public static void check(String text, String path, Problems problems) {
        int slash = text.indexOf('/');
        if (text.isEmpty()) {
            problems.required(path, "");
        } else if (slash <= 0 || slash == text.length() - 1) {
            problems.invalid(path, text, "must be a domain-prefixed path (such as \"acme.io/foo\")");
        } else {
            String host = text.substring(0, slash);
            NameRule.DNS_SUBDOMAIN.problems(host).forEach(words -> problems.invalid(path, host, words));
            String rest = text.substring(slash + 1);
            if (!AS_PATH.matcher(rest).matches()) {
                problems.invalid(path, rest, "Invalid path (regex used for validation is '" + PATH + "')");
            }
        }
    }
}
