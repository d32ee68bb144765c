package dev.keelson.apiserver.auth.rbac;

import dev.keelson.apiserver.auth.PolicyRule;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The roles and bindings that every cluster begins with, as {@code bootstrap-policy.txt} lists them.
 *
 * @param roles in the order of the list
 */
public record BootstrapPolicy(List<BootstrapRole> roles, List<BootstrapBinding> bindings) {
    private static final List<String> READ = List.of("get", "list", "watch");
    private static final List<String> WRITE = List.of("create", "delete", "deletecollection", "patch", "update");
    private static final String CONTROLLER = "system:controller:";

    /**
     * @param namespace empty for a ClusterRole
     * @param label what other roles gather it by, if any
     * @param aggregates the label that it gathers rules by, if any
     */
    record BootstrapRole(
            String namespace,
            String name,
            List<PolicyRule> rules,
            Optional<String> label,
            Optional<String> aggregates) {}

    /** @param subjects {@code KIND:NAME}, where a ServiceAccount's name is NAMESPACE/NAME */
    record BootstrapBinding(String namespace, String role, List<String> subjects) {}

    /** Reads the list that is part of the program. */
    public static BootstrapPolicy load() {
        try (InputStream in = BootstrapPolicy.class.getResourceAsStream("bootstrap-policy.txt")) {
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The rules of a ClusterRole of the list. */
    public List<PolicyRule> rulesOf(String clusterRole) {
        return roles.stream()
                .filter(role -> role.namespace().isEmpty() && role.name().equals(clusterRole))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such bootstrap role: " + clusterRole))
                .rules();
    }

    static BootstrapPolicy parse(String text) {
        Map<RoleKey, Draft> drafts = new LinkedHashMap<>();
        List<BootstrapBinding> bindings = new ArrayList<>();
        Draft current = new Draft();
        for (String line : text.lines().toList()) {
            List<String> words = words(line);
            if (words.isEmpty() || words.getFirst().startsWith("#")) {
                continue;
            }
            switch (words.getFirst()) {
                case "clusterrole" -> {
                    current = new Draft();
                    drafts.put(RoleKey.cluster(words.get(1)), current);
                    controllerBinding(words.get(1)).ifPresent(bindings::add);
                }
                case "role" -> {
                    current = new Draft();
                    drafts.put(new RoleKey(words.get(1), words.get(2)), current);
                }
                case "bind" -> bindings.add(binding(words.get(1), words.subList(2, words.size())));
                case "label" -> current.label = Optional.of(words.get(1));
                case "aggregate" -> current.aggregates = Optional.of(words.get(1));
                default -> current.rules.add(rule(line));
            }
        }
        List<BootstrapRole> roles = new ArrayList<>();
        drafts.forEach((key, draft) -> roles.add(new BootstrapRole(
                key.namespace(), key.name(), List.copyOf(draft.rules), draft.label, draft.aggregates)));
        return new BootstrapPolicy(List.copyOf(roles), List.copyOf(bindings));
    }

    private static final class Draft {
        private final List<PolicyRule> rules = new ArrayList<>();
        private Optional<String> label = Optional.empty();
        private Optional<String> aggregates = Optional.empty();
    }

    private static Optional<BootstrapBinding> controllerBinding(String role) {
        return role.startsWith(CONTROLLER)
                ? Optional.of(new BootstrapBinding(
                        "", role, List.of("ServiceAccount:kube-system/" + role.substring(CONTROLLER.length()))))
                : Optional.empty();
    }

    private static BootstrapBinding binding(String role, List<String> subjects) {
        int slash = role.indexOf('/');
        return slash < 0
                ? new BootstrapBinding("", role, subjects)
                : new BootstrapBinding(role.substring(0, slash), role.substring(slash + 1), subjects);
    }

    private static PolicyRule rule(String line) {
        int at = line.indexOf('@');
        if (at > 0) {
            return PolicyRule.onPaths(verbs(words(line.substring(0, at))), words(line.substring(at + 1)));
        }
        List<List<String>> parts =
                Arrays.stream(line.split(";")).map(BootstrapPolicy::words).toList();
        List<String> groups = parts.get(1).stream()
                .map(group -> group.equals("core") ? "" : group)
                .toList();
        return PolicyRule.onResources(
                verbs(parts.getFirst()), groups, parts.get(2), parts.size() > 3 ? parts.get(3) : List.of());
    }

    private static List<String> verbs(List<String> words) {
        return words.stream()
                .flatMap(word -> switch (word) {
                    case "read" -> READ.stream();
                    case "write" -> WRITE.stream();
                    default -> java.util.stream.Stream.of(word);
                })
                .distinct()
                .sorted()
                .toList();
    }

    private static List<String> words(String line) {
        return Arrays.stream(line.strip().split("\\s+"))
                .filter(word -> !word.isEmpty())
                .map(String::intern)
                .toList();
    }
}
