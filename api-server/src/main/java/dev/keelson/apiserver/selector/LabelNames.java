package dev.keelson.apiserver.selector;

import java.util.Optional;
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

    // Possessive and without nested repetition: matching stays linear on hostile input.
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");
    private static final Pattern SUBDOMAIN =
            Pattern.compile("[a-z0-9](?:[-a-z0-9]*+(?<!-))?+(?:\\.[a-z0-9](?:[-a-z0-9]*+(?<!-))?+)*+");

    private LabelNames() {}

    /** What is wrong with a label or annotation key, in Kubernetes' words. */
    public static Optional<String> keyProblem(String key) {
        int slash = key.indexOf('/');
        if (slash < 0) {
            return namePartProblem(key);
        }
        if (key.indexOf('/', slash + 1) >= 0) {
            return Optional.of("a qualified name " + NAME_RULE
                    + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
        }
        String prefix = key.substring(0, slash);
        if (prefix.isEmpty()) {
            return Optional.of("prefix part must be non-empty");
        }
        if (prefix.length() > 253) {
            return Optional.of("prefix part must be no more than 253 characters");
        }
        if (!SUBDOMAIN.matcher(prefix).matches()) {
            return Optional.of("prefix part " + PREFIX_RULE);
        }
        return namePartProblem(key.substring(slash + 1));
    }

    private static Optional<String> namePartProblem(String name) {
        if (name.isEmpty()) {
            return Optional.of("name part must be non-empty");
        }
        if (name.length() > 63) {
            return Optional.of("name part must be no more than 63 characters");
        }
        return NAME.matcher(name).matches() ? Optional.empty() : Optional.of("name part " + NAME_RULE);
    }

    /** What is wrong with a label value, in Kubernetes' words. */
    public static Optional<String> valueProblem(String value) {
        if (value.length() > 63) {
            return Optional.of("must be no more than 63 characters");
        }
        return value.isEmpty() || NAME.matcher(value).matches() ? Optional.empty() : Optional.of(VALUE_RULE);
    }
}
