package dev.keelson.apiserver.registry.admissionregistration;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.rules.GoSyntax;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a valid {@code RuleWithOperations} is: one set of requests that a webhook or policy is about. */
final class OperationRules {
    private static final List<String> OPERATIONS = List.of("*", "CONNECT", "CREATE", "DELETE", "UPDATE");
    private static final List<String> SCOPES = List.of("*", "Cluster", "Namespaced");
    private static final String OPERATION_TYPE = "admissionregistration.OperationType";

    private OperationRules() {}

    static void check(Tree.Item item, Problems problems) {
        JsonNode rule = item.value();
        String path = item.path();
        list(rule, path, "operations", GoSyntax.list(rule.path("operations"), OPERATION_TYPE), "operations", problems);
        Tree.items(rule.path("operations"), path + ".operations")
                .filter(operation -> !OPERATIONS.contains(operation.value().asText()))
                .forEach(operation -> problems.notSupported(operation.path(), operation.value(), OPERATIONS));
        list(rule, path, "apiGroups", GoSyntax.list(rule.path("apiGroups")), "API groups", problems);
        list(rule, path, "apiVersions", GoSyntax.list(rule.path("apiVersions")), "API versions", problems);
        requireEach(rule.path("apiVersions"), path + ".apiVersions", problems);
        resources(rule.path("resources"), path + ".resources", problems);
        problems.oneOf(path + ".scope", rule.path("scope"), SCOPES);
    }

    /** A list that is not empty, and in which the wildcard stands alone. */
    private static void list(JsonNode rule, String path, String field, String shown, String words, Problems problems) {
        JsonNode values = rule.path(field);
        if (values.isEmpty()) {
            problems.required(path + "." + field, "");
        }
        if (values.size() > 1 && Tree.texts(values).contains("*")) {
            problems.invalidShown(path + "." + field, shown, "if '*' is present, must not specify other " + words);
        }
    }

    private static void requireEach(JsonNode values, String path, Problems problems) {
        Tree.items(values, path)
                .filter(item -> item.value().asText().isEmpty())
                .forEach(item -> problems.required(item.path(), ""));
    }

    private static void resources(JsonNode resources, String path, Problems problems) {
        if (resources.isEmpty()) {
            problems.required(path, "");
        }
        requireEach(resources, path, problems);
        coveredByWildcards(resources, path, problems);
        List<String> names = Tree.texts(resources);
        if (names.size() > 1 && names.contains("*/*")) {
            problems.invalidShown(
                    path, GoSyntax.list(resources), "if '*/*' is present, must not specify other resources");
        }
        // Kubernetes lets the last one without a subresource decide.
        boolean plain = names.stream()
                .filter(name -> !name.isEmpty() && !name.contains("/"))
                .reduce((earlier, last) -> last)
                .filter(last -> !last.equals("*"))
                .isPresent();
        if (names.contains("*") && plain) {
            problems.invalidShown(
                    path,
                    GoSyntax.list(resources),
                    "if '*' is present, must not specify other resources without subresources");
        }
    }

    private static void coveredByWildcards(JsonNode resources, String path, Problems problems) {
        Set<String> wholeResources = new HashSet<>();
        Set<String> wholeSubresources = new HashSet<>();
        Tree.items(resources, path)
                .filter(item -> item.value().asText().contains("/"))
                .forEach(item -> {
                    String name = item.value().asText();
                    String resource = name.substring(0, name.indexOf('/'));
                    String subresource = name.substring(name.indexOf('/') + 1);
                    if (wholeResources.contains(resource)) {
                        covered(item, resource + "/*", problems);
                    }
                    if (wholeSubresources.contains(subresource)) {
                        covered(item, "*/" + subresource, problems);
                    }
                    if (subresource.equals("*")) {
                        wholeResources.add(resource);
                    }
                    if (resource.equals("*")) {
                        wholeSubresources.add(subresource);
                    }
                });
    }

    private static void covered(Tree.Item item, String by, Problems problems) {
        problems.invalid(
                item.path(),
                item.value(),
                "if '%s' is present, must not specify %s"
                        .formatted(by, item.value().asText()));
    }
}
