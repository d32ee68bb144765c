package dev.keelson.apiserver.registry;

import java.util.Optional;
import java.util.regex.Pattern;

/** Which names a kind's objects may have (apimachinery's {@code util/validation}, with its words). */
public enum NameRule {
    DNS_SUBDOMAIN(
            253,
            "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*",
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must"
                    + " start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is"
                    + " '%s')"),
    DNS_LABEL(
            63,
            "[a-z0-9]([-a-z0-9]*[a-z0-9])?",
            "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and"
                    + " end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is"
                    + " '%s')"),
    DNS_1035_LABEL(
            63,
            "[a-z]([-a-z0-9]*[a-z0-9])?",
            "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic"
                    + " character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used"
                    + " for validation is '%s')"),
    QUALIFIED_NAME_PART(
            63,
            "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]",
            "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an"
                    + " alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation"
                    + " is '%s')"),
    LABEL_VALUE(
            63,
            "(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?",
            "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must"
                    + " start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345',"
                    + " regex used for validation is '%s')"),
    /** Whatever can stand between two slashes of a path; roles and their bindings are named so. */
    PATH_SEGMENT(253, "(?!\\.{1,2}$)[^/%]+", "") {
        @Override
        String words(String text) {
            if (text.equals(".") || text.equals("..")) {
                return "may not be '" + text + "'";
            }
            return text.contains("/") ? "may not contain '/'" : "may not contain '%'";
        }
    };

    private final int longest;
    private final Pattern pattern;
    private final String words;

    NameRule(int longest, String regex, String words) {
        this.longest = longest;
        this.pattern = Pattern.compile(regex);
        this.words = words.formatted(regex);
    }

    /** What is wrong with the text, if anything. The length is judged first, so that a long text costs nothing. */
    public Optional<String> problem(String text) {
        if (text.length() > longest) {
            return Optional.of("must be no more than " + longest + " characters");
        }
        return pattern.matcher(text).matches() ? Optional.empty() : Optional.of(words(text));
    }

    /** What to say of a text that does not match. */
    String words(String text) {
        return words;
    }

    /** What is wrong with a qualified name such as {@code app} or {@code example.com/app}, if anything. */
    public static Optional<String> qualifiedNameProblem(String key) {
        int slash = key.indexOf('/');
        if (slash != key.lastIndexOf('/')) {
            return Optional.of("a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must"
                    + " start and end with an alphanumeric character with an optional DNS subdomain prefix and '/'"
                    + " (e.g. 'example.com/MyName')");
        }
        if (slash == 0) {
            return Optional.of("prefix part must be non-empty");
        }
        Optional<String> prefix = slash < 0
                ? Optional.empty()
                : DNS_SUBDOMAIN.problem(key.substring(0, slash)).map(words -> "prefix part " + words);
        String name = key.substring(slash + 1);
        if (name.isEmpty()) {
            return Optional.of("name part must be non-empty");
        }
        return prefix.or(() -> QUALIFIED_NAME_PART.problem(name));
    }
}
