package dev.keelson.apiserver.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One rule of a role: verbs on resources of groups, perhaps only on some names, or verbs on paths. Every list may hold
 * {@code *}.
 */
public record PolicyRule(
        List<String> verbs,
        List<String> apiGroups,
        List<String> resources,
        List<String> resourceNames,
        List<String> nonResourceUrls) {
    public static final String ALL = "*";

    public PolicyRule {
        verbs = List.copyOf(verbs);
        apiGroups = List.copyOf(apiGroups);
        resources = List.copyOf(resources);
        resourceNames = List.copyOf(resourceNames);
        nonResourceUrls = List.copyOf(nonResourceUrls);
    }

    public static PolicyRule onResources(
            List<String> verbs, List<String> groups, List<String> resources, List<String> names) {
        return new PolicyRule(verbs, groups, resources, names, List.of());
    }

    public static PolicyRule onPaths(List<String> verbs, List<String> urls) {
        return new PolicyRule(verbs, List.of(), List.of(), List.of(), urls);
    }

    /** Whether the rule, wherever it holds, allows what is asked. */
    public boolean allows(Attributes asked) {
        if (!has(verbs, asked.verb())) {
            return false;
        }
        if (!asked.isResource()) {
            return nonResourceUrls.stream().anyMatch(url -> covers(url, asked.path()));
        }
        return has(apiGroups, asked.group())
                && resources.stream().anyMatch(each -> matches(each, asked.resource(), asked.subresource()))
                && (resourceNames.isEmpty() || resourceNames.contains(asked.name()));
    }

    private static boolean has(List<String> values, String value) {
        return values.contains(value) || values.contains(ALL);
    }

    /** {@code *}, {@code pods}, {@code pods/log}, or {@code *}{@code /scale} for one part of everything. */
    private static boolean matches(String pattern, String resource, String subresource) {
        if (pattern.equals(ALL)) {
            return true;
        }
        if (subresource.isEmpty()) {
            return pattern.equals(resource);
        }
        int slash = pattern.indexOf('/');
        return slash > 0
                && pattern.substring(slash + 1).equals(subresource)
                && (pattern.startsWith("*/") || pattern.substring(0, slash).equals(resource));
    }

    /** A path pattern may end in {@code *}. */
    public static boolean covers(String pattern, String path) {
        return pattern.equals(path)
                || pattern.endsWith(ALL) && path.startsWith(pattern.substring(0, pattern.length() - 1));
    }

    public static List<PolicyRule> listOf(JsonNode rules) {
        List<PolicyRule> all = new ArrayList<>(rules.size());
        rules.forEach(rule -> all.add(new PolicyRule(
                texts(rule.path("verbs")),
                texts(rule.path("apiGroups")),
                texts(rule.path("resources")),
                texts(rule.path("resourceNames")),
                texts(rule.path("nonResourceURLs")))));
        return all;
    }

    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        put(json, "verbs", verbs);
        put(json, "apiGroups", apiGroups);
        put(json, "resources", resources);
        put(json, "resourceNames", resourceNames);
        put(json, "nonResourceURLs", nonResourceUrls);
        return json;
    }

    /** As messages about missing rights show it: {@code {APIGroups:[""], Resources:["pods"], Verbs:["get"]}}. */
    public String shown() {
        Map<String, List<String>> named = new LinkedHashMap<>();
        named.put("APIGroups", apiGroups);
        named.put("Resources", resources);
        named.put("NonResourceURLs", nonResourceUrls);
        named.put("ResourceNames", resourceNames);
        named.put("Verbs", verbs);
        return named.entrySet().stream()
                .filter(entry -> !entry.getValue().isEmpty())
                .map(entry -> entry.getKey() + ":"
                        + entry.getValue().stream()
                                .map(value -> '"' + value + '"')
                                .collect(Collectors.joining(" ", "[", "]")))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static void put(ObjectNode json, String field, List<String> values) {
        if (!values.isEmpty()) {
            values.forEach(json.putArray(field)::add);
        }
    }

    private static List<String> texts(JsonNode values) {
        List<String> texts = new ArrayList<>(values.size());
        // The same few words stand in hundreds of rules: kept once, they cost next to nothing.
        values.forEach(value -> texts.add(value.asText().intern()));
        return texts;
    }
}
