package dev.keelson.node.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.keelson.node.NodeException;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads a static pod from its file (Kubernetes: "Create static Pods"): its name gets the node's behind it, and its uid
 * is a hash of what the file says, so that a changed file is another pod. Pure.
 */
final class StaticPodFile {
    static final String HASH = "kubernetes.io/config.hash";
    static final String SOURCE = "kubernetes.io/config.source";
    static final String MIRROR = "kubernetes.io/config.mirror";

    private static final int UID_DIGITS = 32;
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    /** What names another API object; a static pod has to run without an API server. */
    private static final List<String> REFERENCES = List.of(
            "configMap",
            "secret",
            "persistentVolumeClaim",
            "projected",
            "configMapRef",
            "secretRef",
            "configMapKeyRef",
            "secretKeyRef",
            "serviceAccountName",
            "resourceClaims");

    private StaticPodFile() {}

    /**
     * @param file its name, for messages
     * @throws NodeException {@code INVALID} when it is not a pod that can run by itself
     */
    static Pod read(String file, byte[] content, String nodeName) {
        Pod pod = parse(file, content);
        if (pod.getMetadata() == null || pod.getMetadata().getName() == null) {
            throw wrong(file, "metadata.name is required");
        }
        if (pod.getSpec() == null || pod.getSpec().getContainers().isEmpty()) {
            throw wrong(file, "spec.containers is required");
        }
        refuseUnknown(file, "spec", pod.getSpec().getAdditionalProperties().keySet());
        pod.getSpec()
                .getContainers()
                .forEach(container -> refuseUnknown(
                        file,
                        "container " + container.getName(),
                        container.getAdditionalProperties().keySet()));
        String hash = hash(nodeName, file, content);
        String namespace = pod.getMetadata().getNamespace();
        Pod found = new PodBuilder(pod)
                .editMetadata()
                .withName(pod.getMetadata().getName() + "-" + nodeName.toLowerCase(Locale.ROOT))
                .withNamespace(namespace == null || namespace.isEmpty() ? "default" : namespace)
                .withUid(hash)
                .addToAnnotations(HASH, hash)
                .addToAnnotations(SOURCE, "file")
                .endMetadata()
                .editSpec()
                .withNodeName(nodeName)
                // Whoever put the file there wants it to run here, whatever becomes of the node.
                .addNewToleration()
                .withOperator("Exists")
                .withEffect("NoExecute")
                .endToleration()
                .endSpec()
                .withStatus(null)
                .build();
        StaticPodNames.wrong(found).ifPresent(why -> {
            throw wrong(file, why);
        });
        return found;
    }

    private static Pod parse(String file, byte[] content) {
        try {
            JsonNode tree = YAML.readTree(content);
            String kind =
                    tree.path("apiVersion").asText() + " " + tree.path("kind").asText();
            if (!kind.equals("v1 Pod")) {
                throw wrong(file, "it must be one object of apiVersion v1 and kind Pod, not \"" + kind.strip() + "\"");
            }
            TreeSet<String> found = new TreeSet<>();
            REFERENCES.stream()
                    .filter(name -> tree.path("spec").findValue(name) != null)
                    .forEach(found::add);
            if (!found.isEmpty()) {
                throw wrong(
                        file, "a static pod may not refer to other API objects; remove " + String.join(", ", found));
            }
            return YAML.treeToValue(tree, Pod.class);
        } catch (IOException unreadable) {
            throw wrong(file, "it is not a pod: " + unreadable.getMessage());
        }
    }

    /** The model keeps what it does not know; in a file that nobody else checks it is a mistake. */
    private static void refuseUnknown(String file, String where, Set<String> fields) {
        if (!fields.isEmpty()) {
            throw wrong(file, where + " has no field " + String.join(", ", new TreeSet<>(fields)));
        }
    }

    private static String hash(String nodeName, String file, byte[] content) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((nodeName + "\0" + file + "\0").getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(content)).substring(0, UID_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static NodeException wrong(String file, String why) {
        return new NodeException(
                NodeException.Kind.INVALID, "FailedCreateStaticPod", "static pod file \"%s\": %s".formatted(file, why));
    }
}
