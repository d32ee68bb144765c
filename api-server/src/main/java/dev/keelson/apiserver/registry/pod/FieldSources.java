package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Quantity;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.selector.LabelNames;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What environment variables and files may show of the pod itself ({@code fieldRef} and {@code resourceFieldRef}). */
final class FieldSources {
    private static final List<String> IN_VARIABLES = List.of(
            "metadata.name",
            "metadata.namespace",
            "metadata.uid",
            "spec.nodeName",
            "spec.serviceAccountName",
            "status.hostIP",
            "status.hostIPs",
            "status.podIP",
            "status.podIPs");
    private static final List<String> IN_FILES =
            List.of("metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid");
    /** Fields that the API version knows, wherever they may be used. */
    private static final Set<String> KNOWN = Set.of(
            "metadata.annotations",
            "metadata.labels",
            "spec.restartPolicy",
            "spec.schedulerName",
            "status.phase",
            "spec.host");

    private static final List<String> RESOURCES = List.of(
            "limits.cpu",
            "limits.ephemeral-storage",
            "limits.memory",
            "requests.cpu",
            "requests.ephemeral-storage",
            "requests.memory");
    private static final Pattern HUGE_PAGES = Pattern.compile("(limits|requests)\\.hugepages-.*");
    private static final Pattern SUBSCRIPTED = Pattern.compile("([^\\[]*)\\['(.*)'\\]");
    private static final List<String> BYTES =
            List.of("1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei");
    private static final Map<String, String> WORDS =
            Map.of("memory", "memory", "ephemeral-storage", "local ephemeral storage");

    private FieldSources() {}

    static void variable(JsonNode reference, String path, Problems problems) {
        field(reference, path, IN_VARIABLES, problems);
    }

    static void file(JsonNode reference, String path, Problems problems) {
        field(reference, path, IN_FILES, problems);
    }

    private static void field(JsonNode reference, String path, List<String> allowed, Problems problems) {
        String given = Tree.text(reference, "fieldPath");
        String at = path + ".fieldPath";
        if (given.isEmpty()) {
            problems.required(at, "");
            return;
        }
        String version = Tree.text(reference, "apiVersion");
        if (!version.isEmpty() && !version.equals("v1")) {
            problems.invalid(at, given, "error converting fieldPath: unsupported pod version: " + version);
            return;
        }
        Matcher subscripted = SUBSCRIPTED.matcher(given);
        if (subscripted.matches()) {
            subscript(subscripted.group(1), subscripted.group(2), path, problems);
        } else if (!allowed.contains(given) && !KNOWN.contains(given) && !IN_VARIABLES.contains(given)) {
            problems.invalid(at, given, "error converting fieldPath: field label not supported: " + given);
        } else if (!allowed.contains(given)) {
            problems.notSupported(at, reference.path("fieldPath"), allowed);
        }
    }

    private static void subscript(String field, String key, String path, Problems problems) {
        switch (field) {
            case "metadata.annotations" ->
                LabelNames.keyProblems(key.toLowerCase(Locale.ROOT))
                        .forEach(words -> problems.invalid(path, key, words));
            case "metadata.labels" -> LabelNames.keyProblems(key).forEach(words -> problems.invalid(path, key, words));
            default -> {
                String given = field + "['" + key + "']";
                problems.invalid(
                        path + ".fieldPath",
                        given,
                        "error converting fieldPath: field label does not support subscript: " + given);
            }
        }
    }

    /** @param named whether it must say which container it is about, as in volumes, which belong to none */
    static void resource(JsonNode reference, boolean named, String path, Problems problems) {
        String resource = Tree.text(reference, "resource");
        if (named && !Tree.has(reference, "containerName")) {
            problems.required(path + ".containerName", "");
        } else if (resource.isEmpty()) {
            problems.required(path + ".resource", "");
        } else if (!RESOURCES.contains(resource)
                && !HUGE_PAGES.matcher(resource).matches()) {
            problems.notSupported(path + ".resource", reference.path("resource"), RESOURCES);
        }
        divisor(resource, reference.path("divisor"), path + ".divisor", problems);
    }

    private static void divisor(String resource, JsonNode divisor, String path, Problems problems) {
        Optional<BigDecimal> amount = Quantity.parse(divisor).filter(value -> value.signum() != 0);
        if (amount.isEmpty()) {
            return;
        }
        String what = resource.substring(resource.indexOf('.') + 1);
        boolean cpu = what.equals("cpu");
        boolean bytes = WORDS.containsKey(what) || HUGE_PAGES.matcher(resource).matches();
        List<String> allowed = cpu ? List.of("1m", "1") : BYTES;
        boolean fits = allowed.stream()
                .map(Quantity::parse)
                .anyMatch(one -> one.orElseThrow().compareTo(amount.get()) == 0);
        if ((cpu || bytes) && !fits) {
            String list = cpu ? "1m and 1" : String.join(", ", allowed);
            problems.invalid(
                    path,
                    resource,
                    "only divisor's values %s are supported with the %s resource"
                            .formatted(list, cpu ? "cpu" : WORDS.getOrDefault(what, "hugepages")));
        }
    }
}
