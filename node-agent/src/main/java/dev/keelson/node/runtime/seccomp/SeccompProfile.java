package dev.keelson.node.runtime.seccomp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * A seccomp profile (OCI runtime specification, "Linux Container Configuration", seccomp), checked.
 *
 * @param otherwise what happens to a call that no rule matches, as a filter's return value
 * @param architectures names such as {@code SCMP_ARCH_X86}
 * @param flags {@code SECCOMP_FILTER_FLAG_*} of seccomp(2)
 * @param rules the first that matches decides
 */
record SeccompProfile(int otherwise, List<String> architectures, int flags, List<Rule> rules) {
    static final int ALLOW = 0x7fff0000;
    static final int LOG = 0x7ffc0000;
    static final int ERRNO = 0x00050000;
    static final int ENOSYS = 38;
    private static final int EPERM = 1;
    private static final int MOST_ERRNO = 4095;
    private static final Map<String, Integer> ACTIONS = Map.ofEntries(
            Map.entry("SCMP_ACT_ALLOW", ALLOW),
            Map.entry("SCMP_ACT_LOG", LOG),
            Map.entry("SCMP_ACT_ERRNO", ERRNO),
            Map.entry("SCMP_ACT_TRACE", 0x7ff00000),
            Map.entry("SCMP_ACT_TRAP", 0x00030000),
            Map.entry("SCMP_ACT_KILL", 0x00000000),
            Map.entry("SCMP_ACT_KILL_THREAD", 0x00000000),
            Map.entry("SCMP_ACT_KILL_PROCESS", 0x80000000));
    private static final Map<String, Integer> FLAGS =
            Map.of("SECCOMP_FILTER_FLAG_TSYNC", 0, "SECCOMP_FILTER_FLAG_LOG", 2, "SECCOMP_FILTER_FLAG_SPEC_ALLOW", 4);
    private static final int ARGUMENTS = 6;

    /** @param conditions on arguments; all must hold */
    record Rule(List<String> names, int action, List<Condition> conditions) {}

    /** @param mask for {@link Comparison#MASKED_EQUAL}: the bits that count */
    record Condition(int argument, Comparison comparison, long value, long mask) {}

    enum Comparison {
        EQUAL,
        NOT_EQUAL,
        GREATER,
        GREATER_OR_EQUAL,
        LESS,
        LESS_OR_EQUAL,
        MASKED_EQUAL
    }

    private static final Map<String, Comparison> COMPARISONS = Map.of(
            "SCMP_CMP_EQ", Comparison.EQUAL,
            "SCMP_CMP_NE", Comparison.NOT_EQUAL,
            "SCMP_CMP_GT", Comparison.GREATER,
            "SCMP_CMP_GE", Comparison.GREATER_OR_EQUAL,
            "SCMP_CMP_LT", Comparison.LESS,
            "SCMP_CMP_LE", Comparison.LESS_OR_EQUAL,
            "SCMP_CMP_MASKED_EQ", Comparison.MASKED_EQUAL);

    SeccompProfile {
        architectures = List.copyOf(architectures);
        rules = List.copyOf(rules);
    }

    /** @throws IllegalArgumentException that says what is wrong with the profile, and where */
    static SeccompProfile parse(byte[] json) {
        JsonNode root;
        try {
            root = new ObjectMapper().readTree(json);
        } catch (IOException broken) {
            throw new IllegalArgumentException("it is not JSON: " + broken.getMessage(), broken);
        }
        if (!root.path("defaultAction").isTextual()) {
            throw new IllegalArgumentException("it has no defaultAction");
        }
        List<Rule> rules = new ArrayList<>();
        JsonNode written = root.path("syscalls");
        for (int index = 0; index < written.size(); index++) {
            rules.addAll(rules(written.get(index), "syscalls[%d]".formatted(index)));
        }
        int flags = texts(root.path("flags")).stream()
                .mapToInt(flag -> known(FLAGS, flag, "flags"))
                .reduce(0, (a, b) -> a | b);
        return new SeccompProfile(
                action(root.path("defaultAction"), root.path("defaultErrnoRet"), "defaultAction"),
                texts(root.path("architectures")),
                flags,
                rules);
    }

    /** Several conditions on one argument are alternatives, as runc reads them. */
    private static List<Rule> rules(JsonNode rule, String where) {
        List<String> names = texts(rule.path("names"));
        if (names.isEmpty()) {
            throw new IllegalArgumentException(where + " has no names");
        }
        int action = action(rule.path("action"), rule.path("errnoRet"), where + ".action");
        List<Condition> conditions = new ArrayList<>();
        rule.path("args").forEach(argument -> conditions.add(condition(argument, where + ".args")));
        long arguments =
                conditions.stream().mapToInt(Condition::argument).distinct().count();
        return arguments == conditions.size()
                ? List.of(new Rule(names, action, conditions))
                : conditions.stream()
                        .map(condition -> new Rule(names, action, List.of(condition)))
                        .toList();
    }

    private static Condition condition(JsonNode written, String where) {
        int argument = written.path("index").asInt(-1);
        if (argument < 0 || argument >= ARGUMENTS) {
            throw new IllegalArgumentException(where + ": index must be 0 to 5");
        }
        Comparison comparison = known(COMPARISONS, written.path("op").asText(), where);
        long value = number(written.path("value"), where);
        return comparison == Comparison.MASKED_EQUAL
                ? new Condition(argument, comparison, number(written.path("valueTwo"), where), value)
                : new Condition(argument, comparison, value, 0);
    }

    /** Values are unsigned 64-bit numbers. */
    private static long number(JsonNode value, String where) {
        if (value.isMissingNode()) {
            return 0;
        }
        BigInteger number = value.bigIntegerValue();
        if (!value.isIntegralNumber() || number.signum() < 0 || number.bitLength() > Long.SIZE) {
            throw new IllegalArgumentException("%s: %s is no whole number of 0 to 2^64 - 1".formatted(where, value));
        }
        return number.longValue();
    }

    private static int action(JsonNode written, JsonNode errno, String where) {
        int action = known(ACTIONS, written.asText(), where);
        boolean carriesData = action == ERRNO || action == ACTIONS.get("SCMP_ACT_TRACE");
        return carriesData ? action | (errno.asInt(EPERM) & MOST_ERRNO) : action;
    }

    private static <T> T known(Map<String, T> table, String word, String where) {
        T found = table.get(word);
        if (found == null) {
            throw new IllegalArgumentException("%s: \"%s\" is not supported; supported are %s"
                    .formatted(where, word, table.keySet().stream().sorted().toList()));
        }
        return found;
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
