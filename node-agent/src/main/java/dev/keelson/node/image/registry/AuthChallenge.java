package dev.keelson.node.image.registry;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a registry wants to see before it answers: a {@code WWW-Authenticate} header (RFC 9110, section 11).
 *
 * @param scheme {@code bearer} or {@code basic}, in lower case
 */
record AuthChallenge(String scheme, Map<String, String> parameters) {
    private static final Pattern SCHEME = Pattern.compile("^\\s*([A-Za-z]+)(?:\\s+|$)");
    private static final Pattern PARAMETER =
            Pattern.compile("([A-Za-z_]+)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^\\s,\"]+))\\s*,?\\s*");

    AuthChallenge {
        parameters = Map.copyOf(parameters);
    }

    /** The challenge that can be met, bearer before basic; empty when there is none. */
    static Optional<AuthChallenge> choose(List<String> headers) {
        List<AuthChallenge> all = headers.stream()
                .filter(header -> header.length() < 8192)
                .flatMap(header -> parse(header).stream())
                .toList();
        return all.stream()
                .filter(challenge -> challenge.scheme.equals("bearer"))
                .findFirst()
                .or(() -> all.stream()
                        .filter(challenge -> challenge.scheme.equals("basic"))
                        .findFirst());
    }

    private static Optional<AuthChallenge> parse(String header) {
        Matcher scheme = SCHEME.matcher(header);
        if (!scheme.find()) {
            return Optional.empty();
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        Matcher parameter = PARAMETER.matcher(header);
        int at = scheme.end();
        while (at < header.length() && parameter.find(at) && parameter.start() == at) {
            String quoted = parameter.group(2);
            String value = quoted == null ? parameter.group(3) : quoted.replaceAll("\\\\(.)", "$1");
            parameters.put(parameter.group(1).toLowerCase(Locale.ROOT), value);
            at = parameter.end();
        }
        return Optional.of(new AuthChallenge(scheme.group(1).toLowerCase(Locale.ROOT), parameters));
    }

    String parameter(String name) {
        return parameters.getOrDefault(name, "");
    }
}
