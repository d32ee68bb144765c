package dev.keelson.apiserver.registry.flowcontrol;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.rules.GoSyntax;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a valid rule of a FlowSchema is: whose requests, and which. */
final class FlowRules {
    private static final List<String> VERBS =
            List.of("create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch");

    /** The field of a subject by its kind. */
    private static final Map<String, String> SUBJECTS =
            Map.of("Group", "group", "ServiceAccount", "serviceAccount", "User", "user");

    private FlowRules() {}

    static void check(Tree.Item item, Problems problems) {
        JsonNode rule = item.value();
        if (rule.path("subjects").isEmpty()) {
            problems.required(item.path() + ".subjects", "subjects must contain at least one value");
        }
        Tree.items(rule.path("subjects"), item.path() + ".subjects").forEach(subject -> subject(subject, problems));
        if (rule.path("resourceRules").isEmpty()
                && rule.path("nonResourceRules").isEmpty()) {
            problems.required(item.path(), "at least one of resourceRules and nonResourceRules has to be non-empty");
        }
        Tree.items(rule.path("resourceRules"), item.path() + ".resourceRules")
                .forEach(resource -> resource(resource, problems));
        Tree.items(rule.path("nonResourceRules"), item.path() + ".nonResourceRules")
                .forEach(paths -> nonResource(paths, problems));
    }

    private static void resource(Tree.Item rule, Problems problems) {
        verbs(rule, problems);
        required(rule, "apiGroups", "resource rules must supply at least one api group", problems);
        alone(rule, "apiGroups", "api groups", problems);
        required(rule, "resources", "resource rules must supply at least one resource", problems);
        alone(rule, "resources", "resources", problems);
        if (!Tree.isTrue(rule.value(), "clusterScope")) {
            required(
                    rule,
                    "namespaces",
                    "resource rules that are not cluster scoped must supply at least one namespace",
                    problems);
        }
        if (!alone(rule, "namespaces", "namespaces", problems)) {
            Tree.items(rule.value().path("namespaces"), rule.path() + ".namespaces")
                    .forEach(item -> NameRule.DNS_LABEL
                            .problems(item.value().asText())
                            .forEach(words -> problems.invalid(
                                    item.path(),
                                    item.value(),
                                    "each member of this list must be '*' or a DNS-1123 label; " + words)));
        }
    }

    private static void nonResource(Tree.Item rule, Problems problems) {
        verbs(rule, problems);
        required(rule, "nonResourceURLs", "nonResourceURLs must contain at least one value", problems);
        if (!alone(rule, "nonResourceURLs", "non-resource URLs", problems)) {
            Tree.items(rule.value().path("nonResourceURLs"), rule.path() + ".nonResourceURLs")
                    .forEach(item -> pathProblem(item.value().asText())
                            .ifPresent(words -> problems.invalid(item.path(), item.value(), words)));
        }
    }

    private static void verbs(Tree.Item rule, Problems problems) {
        JsonNode verbs = rule.value().path("verbs");
        required(rule, "verbs", "verbs must contain at least one value", problems);
        if (!alone(rule, "verbs", "verbs", problems) && !VERBS.containsAll(Tree.texts(verbs))) {
            problems.notSupportedShown(rule.path() + ".verbs", GoSyntax.list(verbs), VERBS);
        }
    }

    private static void required(Tree.Item rule, String field, String words, Problems problems) {
        if (rule.value().path(field).isEmpty()) {
            problems.required(rule.path() + "." + field, words);
        }
    }

    /** Whether the list has the wildcard, which is refused beside others. */
    private static boolean alone(Tree.Item rule, String field, String words, Problems problems) {
        JsonNode values = rule.value().path(field);
        boolean wildcard = Tree.texts(values).contains("*");
        if (wildcard && values.size() > 1) {
            problems.invalidShown(
                    rule.path() + "." + field,
                    GoSyntax.list(values),
                    "if '*' is present, must not specify other " + words);
        }
        return wildcard;
    }

    private static Optional<String> pathProblem(String path) {
        if (path.isEmpty()) {
            return Optional.of("must not be empty");
        }
        if (path.equals("/")) {
            return Optional.empty();
        }
        if (!path.startsWith("/")) {
            return Optional.of("must start with slash");
        }
        if (path.contains(" ")) {
            return Optional.of("must not contain white-space");
        }
        if (path.contains("//")) {
            return Optional.of("must not contain double slash");
        }
        int wildcard = path.indexOf('*');
        return wildcard >= 0 && (wildcard < path.length() - 1 || !path.endsWith("/*"))
                ? Optional.of("wildcard can only do suffix matching")
                : Optional.empty();
    }

    private static void subject(Tree.Item item, Problems problems) {
        String kind = Tree.text(item.value(), "kind");
        if (!SUBJECTS.containsKey(kind)) {
            problems.notSupported(
                    item.path() + ".kind",
                    item.value().path("kind"),
                    SUBJECTS.keySet().stream().sorted().toList());
            return;
        }
        named(item, kind, problems);
        for (String other : List.of("ServiceAccount", "User", "Group")) {
            if (!other.equals(kind) && item.value().path(SUBJECTS.get(other)).isObject()) {
                problems.forbidden(
                        item.path() + "." + SUBJECTS.get(other),
                        "%s is forbidden when subject kind is not '%s'".formatted(SUBJECTS.get(other), other));
            }
        }
    }

    private static void named(Tree.Item item, String kind, Problems problems) {
        String field = SUBJECTS.get(kind);
        String path = item.path() + "." + field;
        JsonNode subject = item.value().path(field);
        if (!subject.isObject()) {
            problems.required(path, "%s is required when subject kind is '%s'".formatted(field, kind));
            return;
        }
        boolean named = problems.requireText(path, subject, "name", "");
        if (!kind.equals("ServiceAccount")) {
            return;
        }
        if (named && !Tree.text(subject, "name").equals("*")) {
            problems.named(path + ".name", subject.path("name"), NameRule.DNS_SUBDOMAIN);
        }
        if (problems.requireText(path, subject, "namespace", "must specify namespace for service account")) {
            problems.named(path + ".namespace", subject.path("namespace"), NameRule.DNS_LABEL);
        }
    }
}
