package dev.keelson.apiserver.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

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
    /** Whatever can stand between two slashes of a path; roles and their bindings are named so. */
    PATH_SEGMENT(253, "(?!\\.{1,2}$)[^/%]+", "") {
        @Override
        List<String> words(String text) {
            if (text.equals(".") || text.equals("..")) {
                return List.of("may not be '" + text + "'");
            }
            return Stream.of("/", "%")
                    .filter(text::contains)
                    .map(character -> "may not contain '" + character + "'")
                    .toList();
        }
    };

    /** Of a longer text only its length is told: matching it could cost much. */
    private static final int LONGEST_JUDGED = 1024;

    private final int longest;
    private final Pattern pattern;
    private final String words;

    NameRule(int longest, String regex, String words) {
        this.longest = longest;
        this.pattern = Pattern.compile(regex);
        this.words = words.formatted(regex);
    }

    /** All that is wrong with the text. */
    public List<String> problems(String text) {
        List<String> problems = new ArrayList<>();
        if (text.length() > longest) {
            problems.add("must be no more than " + longest + " characters");
        }
        if (text.length() <= LONGEST_JUDGED && !pattern.matcher(text).matches()) {
            problems.addAll(words(text));
        }
        return problems;
    }

    /** What to say of a text that does not match. */
    List<String> words(String text) {
        return List.of(words);
    }
}
