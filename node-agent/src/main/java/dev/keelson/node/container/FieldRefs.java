package dev.keelson.node.container;

import dev.keelson.node.NodeException;
import dev.keelson.node.pod.spec.DesiredPod;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads a pod's own fields for env and downwardAPI volumes (Kubernetes: "Downward API", "Available fields"). */
public final class FieldRefs {
    private static final Pattern SUBSCRIPT = Pattern.compile("metadata\\.(labels|annotations)\\['([^']*)']");

    private FieldRefs() {}

    /**
     * @param podIps addresses of the pod, primary first
     * @throws NodeException {@code INVALID} for a path that is not offered
     */
    public static String value(DesiredPod pod, String path, List<String> podIps, String hostIp) {
        Matcher subscript = SUBSCRIPT.matcher(path);
        if (subscript.matches()) {
            Map<String, String> entries = entries(pod, subscript.group(1));
            return Objects.requireNonNullElse(entries.get(subscript.group(2)), "");
        }
        return switch (path) {
            case "metadata.name" -> pod.name();
            case "metadata.namespace" -> pod.namespace();
            case "metadata.uid" -> pod.uid();
            case "metadata.labels" -> lines(entries(pod, "labels"));
            case "metadata.annotations" -> lines(entries(pod, "annotations"));
            case "spec.nodeName" -> text(pod.object().getSpec().getNodeName());
            case "spec.serviceAccountName" -> text(pod.object().getSpec().getServiceAccountName());
            case "status.hostIP", "status.hostIPs" -> hostIp;
            case "status.podIP" -> podIps.isEmpty() ? "" : podIps.getFirst();
            case "status.podIPs" -> String.join(",", podIps);
            default ->
                throw new NodeException(
                        NodeException.Kind.INVALID,
                        "CreateContainerConfigError",
                        "fieldPath \"%s\" is not offered; use metadata.{name,namespace,uid,labels,annotations}, "
                                        .formatted(path)
                                + "spec.{nodeName,serviceAccountName} or status.{hostIP,hostIPs,podIP,podIPs}");
        };
    }

    private static Map<String, String> entries(DesiredPod pod, String which) {
        ObjectMeta meta = pod.object().getMetadata();
        Map<String, String> entries = which.equals("labels") ? meta.getLabels() : meta.getAnnotations();
        return entries == null ? Map.of() : entries;
    }

    /** One {@code key="value"} a line, sorted, with quotes, backslashes and line ends escaped. */
    private static String lines(Map<String, String> entries) {
        return new TreeMap<>(entries)
                .entrySet().stream()
                        .map(entry -> entry.getKey() + "=\"" + escape(entry.getValue()) + "\"")
                        .collect(Collectors.joining("\n"));
    }

    private static String escape(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    private static String text(String value) {
        return value == null ? "" : value;
    }
}
