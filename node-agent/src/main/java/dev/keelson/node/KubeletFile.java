package dev.keelson.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.keelson.node.eviction.EvictionSettings;
import dev.keelson.node.eviction.Signal;
import dev.keelson.node.eviction.Threshold;
import dev.keelson.node.pod.plan.UnsafeSysctls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Settings of a node in {@code DATA_DIR/kubelet.yaml}, under the names of Kubernetes' KubeletConfiguration. There need be no
 * such file; one with a mistake is refused as a whole, with all that is wrong in it.
 *
 * @see <a href="https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/">kubelet.config.k8s.io/v1beta1</a>
 */
final class KubeletFile {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final String HARD = "evictionHard";
    private static final String SOFT = "evictionSoft";
    private static final String SOFT_GRACE = "evictionSoftGracePeriod";
    private static final String TRANSITION = "evictionPressureTransitionPeriod";
    private static final String LONGEST_GRACE = "evictionMaxPodGracePeriod";
    private static final String RECLAIM = "evictionMinimumReclaim";
    private static final String SYSCTLS = "allowedUnsafeSysctls";
    private static final Set<String> KEYS =
            Set.of("apiVersion", "kind", HARD, SOFT, SOFT_GRACE, TRANSITION, LONGEST_GRACE, RECLAIM, SYSCTLS);

    private final JsonNode root;
    private final List<String> problems = new ArrayList<>();

    private KubeletFile(JsonNode root) {
        this.root = root;
    }

    /** Those of the file, or the defaults when there is none; {@code INVALID} when it cannot be read. */
    static NodeSettings read(Path file) {
        if (!Files.exists(file)) {
            return NodeSettings.DEFAULT;
        }
        try {
            return new KubeletFile(YAML.readTree(Files.readAllBytes(file))).settings(file);
        } catch (IOException unreadable) {
            throw invalid(file, List.of(String.valueOf(unreadable.getMessage())));
        }
    }

    private NodeSettings settings(Path file) {
        root.fieldNames().forEachRemaining(key -> {
            if (!KEYS.contains(key)) {
                problems.add("unknown key %s; there are %s"
                        .formatted(key, KEYS.stream().sorted().collect(Collectors.joining(", "))));
            }
        });
        EvictionSettings eviction = eviction();
        UnsafeSysctls sysctls = sysctls();
        if (!problems.isEmpty()) {
            throw invalid(file, problems);
        }
        return new NodeSettings(eviction, sysctls);
    }

    private UnsafeSysctls sysctls() {
        List<String> patterns = new ArrayList<>();
        root.path(SYSCTLS).forEach(pattern -> patterns.add(pattern.asText()));
        if (root.has(SYSCTLS) && !root.path(SYSCTLS).isArray()) {
            problems.add(SYSCTLS + ": must be a list such as [kernel.msgmax, net.core.*]");
        }
        List<String> wrong = UnsafeSysctls.problems(patterns);
        wrong.forEach(problem -> problems.add(SYSCTLS + ": " + problem));
        return wrong.isEmpty() ? new UnsafeSysctls(patterns) : UnsafeSysctls.NONE;
    }

    private EvictionSettings eviction() {
        Map<Signal, String> reclaim = reclaim();
        List<Threshold> thresholds = new ArrayList<>();
        root.path(HARD).properties().forEach(entry -> add(thresholds, HARD, entry, Duration.ZERO));
        for (Map.Entry<String, JsonNode> entry : root.path(SOFT).properties()) {
            if (root.path(SOFT_GRACE).has(entry.getKey())) {
                add(
                        thresholds,
                        SOFT,
                        entry,
                        duration(SOFT_GRACE, root.path(SOFT_GRACE).path(entry.getKey())));
            } else {
                problems.add("%s.%s needs a %s.%s".formatted(SOFT, entry.getKey(), SOFT_GRACE, entry.getKey()));
            }
        }
        if (!root.has(HARD)) {
            thresholds.addAll(EvictionSettings.DEFAULT.thresholds());
        }
        Duration transition = root.has(TRANSITION)
                ? duration(TRANSITION, root.path(TRANSITION))
                : EvictionSettings.DEFAULT.transition();
        return new EvictionSettings(
                thresholds.stream()
                        .map(threshold ->
                                threshold.reclaiming(reclaim.getOrDefault(threshold.signal(), Threshold.NOTHING)))
                        .toList(),
                transition,
                Duration.ofSeconds(root.path(LONGEST_GRACE).asLong(0)));
    }

    private Map<Signal, String> reclaim() {
        List<Threshold> amounts = new ArrayList<>();
        root.path(RECLAIM).properties().forEach(entry -> add(amounts, RECLAIM, entry, Duration.ZERO));
        return amounts.stream().collect(Collectors.toMap(Threshold::signal, Threshold::value));
    }

    private void add(List<Threshold> thresholds, String key, Map.Entry<String, JsonNode> entry, Duration grace) {
        try {
            thresholds.add(
                    new Threshold(Signal.parse(entry.getKey()), entry.getValue().asText(), grace));
        } catch (IllegalArgumentException wrong) {
            problems.add(key + ": " + wrong.getMessage());
        }
    }

    /** As Go writes it: {@code 1m30s}. */
    private Duration duration(String key, JsonNode value) {
        try {
            return Duration.parse("PT" + value.asText());
        } catch (java.time.format.DateTimeParseException wrong) {
            problems.add("%s: \"%s\" is no duration; write one such as 90s or 1m30s".formatted(key, value.asText()));
            return Duration.ZERO;
        }
    }

    private static NodeException invalid(Path file, List<String> problems) {
        return new NodeException(
                NodeException.Kind.INVALID, "InvalidConfiguration", file + ": " + String.join("; ", problems));
    }
}
