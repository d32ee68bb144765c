package dev.keelson.apiserver.selector;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The shapes of label keys and values (apimachinery's IsQualifiedName and IsValidLabelValue). */
public final class LabelNames {
    private static final String NAME_RULE =
            "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric"
                    + " character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is"
                    + " '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
    private static final String VALUE_RULE =
            "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must"
                    + " start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345',"
                    + " regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
    private static final String PREFIX_RULE =
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must"
                    + " start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is"
                    + " '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

    private static final int LONGEST_PREFIX = 253;
    private static final int LONGEST_NAME = 63;

    /** Of a longer prefix only its length is told: matching it could cost much. */
    private static final int LONGEST_JUDGED = 1024;

    // Possessive and without nested repetition: matching stays linear on hostile input.
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9](?:[-A-Za-z0-9_.]*+(?<![-_.]))?+");
    private static final Pattern SUBDOMAIN =
            Pattern.compile("[a-z0-9](?:[-a-z0-9]*+(?<!-))?+(?:\\.[a-z0-9](?:[-a-z0-9]*+(?<!-))?+)*+");

    private LabelNames() {}

    /** All that is wrong with a label or annotation key, or another qualified name, in Kubernetes' words. */
    public static List<String> keyProblems(String key) {
        int slash = key.indexOf('/');
        if (slash >= 0 && key.indexOf('/', slash + 1) >= 0) {
            return List.of("a qualified name " + NAME_RULE
                    + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
        }
        List<String> problems = new ArrayList<>();
        if (slash >= 0) {
            prefixProblems(key.substring(0, slash), problems);
        }
        nameProblems(key.substring(slash + 1), problems);
        return problems;
    }

    private static void prefixProblems(String prefix, List<String> problems) {
        if (prefix.isEmpty()) {
            problems.add("prefix part must be non-empty");
            return;
        }
        if (prefix.length() > LONGEST_PREFIX) {
            problems.add("prefix part must be no more than " + LONGEST_PREFIX + " characters");
        }
        if (prefix.length() <= LONGEST_JUDGED && !SUBDOMAIN.matcher(prefix).matches()) {
            problems.add("prefix part " + PREFIX_RULE);
        }
    }

    private static void nameProblems(String name, List<String> problems) {
        if (name.isEmpty()) {
            problems.add("name part must be non-empty");
        } else if (name.length() > LONGEST_NAME) {
            problems.add("name part must be no more than " + LONGEST_NAME + " characters");
        }
        if (!NAME.matcher(name).matches()) {
            problems.add("name part " + NAME_RULE);
        }
    }

    /** All that is wrong with a label value, in Kubernetes' words. */
    public static List<String> valueProblems(String value) {
        List<String> problems = new ArrayList<>();
        if (value.length() > LONGEST_NAME) {
            problems.add("must be no more than " + LONGEST_NAME + " characters");
        }
        if (!value.isEmpty() && !NAME.matcher(value).matches()) {
            problems.add(VALUE_RULE);
        }
        return problems;
    }
}
