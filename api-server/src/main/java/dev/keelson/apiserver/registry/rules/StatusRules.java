package dev.keelson.apiserver.registry.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.selector.LabelNames;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What the statuses of several kinds have in common. */
public final class StatusRules {
    private static final String REASON = "[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?";
    private static final Pattern REASON_PATTERN = Pattern.compile(REASON);
    private static final String REASON_WORDS =
            "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric"
                    + " characters or '_,:', and must end with an alphanumeric character or '_' (e.g. 'my_name',  or"
                    + " 'MY_NAME',  or 'MyName',  or 'ReasonA,ReasonB',  or 'ReasonA:ReasonB', regex used for"
                    + " validation is '" + REASON + "')";
    private static final int LONGEST_REASON = 1024;
    private static final int LONGEST_MESSAGE = 32 * 1024;

    private StatusRules() {}

    /** Conditions of the common form (apimachinery's {@code ValidateConditions}). */
    public static void conditions(ObjectNode object, Problems problems) {
        Set<String> types = new HashSet<>();
        Tree.items(Tree.at(object, "status", "conditions"), "status.conditions").forEach(item -> {
            JsonNode type = item.value().path("type");
            if (!types.add(type.asText())) {
                problems.duplicate(item.path() + ".type", type);
            }
            condition(item, problems);
        });
    }

    private static void condition(Tree.Item item, Problems problems) {
        JsonNode condition = item.value();
        String path = item.path();
        String type = Tree.text(condition, "type");
        LabelNames.keyProblems(type).forEach(words -> problems.invalid(path + ".type", type, words));
        String status = Tree.text(condition, "status");
        if (!List.of("False", "True", "Unknown").contains(status)) {
            problems.notSupportedShown(path + ".status", GoSyntax.quoted(status), List.of("False", "True", "Unknown"));
        }
        JsonNode generation = condition.path("observedGeneration");
        if (generation.asLong(0) < 0) {
            problems.invalid(path + ".observedGeneration", generation, "must be greater than or equal to zero");
        }
        problems.requireText(path, condition, "lastTransitionTime", "must be set");
        if (problems.requireText(path, condition, "reason", "must be set")) {
            String reason = Tree.text(condition, "reason");
            if (!REASON_PATTERN.matcher(reason).matches()) {
                problems.invalid(path + ".reason", reason, REASON_WORDS);
            }
            if (LabelRules.bytes(reason) > LONGEST_REASON) {
                problems.tooLong(path + ".reason", LONGEST_REASON);
            }
        }
        if (LabelRules.bytes(Tree.text(condition, "message")) > LONGEST_MESSAGE) {
            problems.tooLong(path + ".message", LONGEST_MESSAGE);
        }
    }

    /** Counts of the status, none of which may be below zero. */
    public static void counts(ObjectNode object, List<String> fields, Problems problems) {
        fields.forEach(field -> problems.notNegative("status." + field, Tree.at(object, "status", field)));
    }

    /** Says that one count of the status is above another, when it is. */
    public static void notAbove(ObjectNode object, String field, String other, String words, Problems problems) {
        if (count(object, field) > count(object, other)) {
            problems.invalidShown("status." + field, Long.toString(count(object, field)), words);
        }
    }

    /** A count of the status, zero when it is not there. */
    public static long count(ObjectNode object, String field) {
        return Tree.number(object, "status", field).orElse(0L);
    }

    /** Where a load balancer is reached, which it says in the status of what it serves. */
    public static void balancer(Tree.Item ingress, Problems problems) {
        String address = Tree.text(ingress.value(), "ip");
        if (!address.isEmpty() && !Addresses.isIp(address)) {
            problems.invalid(ingress.path() + ".ip", address, Addresses.IP_WORDS);
        }
        String host = Tree.text(ingress.value(), "hostname");
        if (host.isEmpty()) {
            return;
        }
        problems.named(ingress.path() + ".hostname", ingress.value().path("hostname"), NameRule.DNS_SUBDOMAIN);
        if (Addresses.isIp(host)) {
            problems.invalid(ingress.path() + ".hostname", host, "must be a DNS name, not an IP address");
        }
    }
}
