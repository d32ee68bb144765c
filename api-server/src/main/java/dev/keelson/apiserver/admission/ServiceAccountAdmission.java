package dev.keelson.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.admission.AdmissionRequest.Operation;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.store.Reads;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Kubernetes' ServiceAccount admission: a pod runs as an account that exists, gets its pull secrets, and finds its token,
 * the cluster's authority and its namespace where client libraries look for them.
 */
public final class ServiceAccountAdmission implements Admission {
    private static final String MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
    private static final String VOLUME_PREFIX = "kube-api-access-";
    private static final String MIRROR = "kubernetes.io/config.mirror";
    private static final String LETTERS = "bcdfghjklmnpqrstvwxz2456789";
    /** An hour, and seven seconds by which one knows these tokens. */
    private static final int TOKEN_SECONDS = 3607;

    private static final int READABLE_BY_ALL = 0644;

    private final Reads reads;
    private final ResourceDefinition accounts;
    private final RandomGenerator random;

    public ServiceAccountAdmission(Reads reads, ResourceDefinition accounts, RandomGenerator random) {
        this.reads = reads;
        this.accounts = accounts;
        this.random = random;
    }

    @Override
    public void mutate(AdmissionRequest request) {
        if (request.operation() != Operation.CREATE || !request.concernsCore("pods")) {
            return;
        }
        if (request.object().path("metadata").path("annotations").has(MIRROR)) {
            return;
        }
        ObjectNode spec = request.object().withObject("/spec");
        String name = spec.path("serviceAccountName").asText("");
        if (name.isEmpty()) {
            name = "default";
        }
        spec.put("serviceAccountName", name).put("serviceAccount", name);
        ObjectNode account = account(request, name);
        if (spec.path("imagePullSecrets").isEmpty()
                && !account.path("imagePullSecrets").isEmpty()) {
            spec.set("imagePullSecrets", account.path("imagePullSecrets").deepCopy());
        }
        JsonNode ofPod = spec.path("automountServiceAccountToken");
        JsonNode wanted = ofPod.isBoolean() ? ofPod : account.path("automountServiceAccountToken");
        if (wanted.asBoolean(true)) {
            mount(spec);
        }
    }

    /** From memory, else after memory has caught up: the account may have been made a moment ago. */
    private ObjectNode account(AdmissionRequest request, String name) {
        try {
            return reads.cached(accounts, request.namespace(), name)
                    .orElseGet(() -> reads.requireLatest(accounts, request.namespace(), name))
                    .tree();
        } catch (ApiFailure missing) {
            throw ApiFailure.forbidden(
                    request.kind(),
                    request.name(),
                    "error looking up service account %1$s/%2$s: serviceaccount \"%2$s\" not found"
                            .formatted(request.namespace(), name));
        }
    }

    private void mount(ObjectNode spec) {
        List<ObjectNode> lacking = List.of("initContainers", "containers").stream()
                .flatMap(list ->
                        java.util.stream.StreamSupport.stream(spec.path(list).spliterator(), false))
                .filter(ServiceAccountAdmission::lacksMount)
                .map(ObjectNode.class::cast)
                .toList();
        if (lacking.isEmpty()) {
            return;
        }
        String volume = existing(spec);
        if (volume.isEmpty()) {
            volume = VOLUME_PREFIX + suffix();
            list(spec, "volumes").add(volume(volume));
        }
        for (ObjectNode container : lacking) {
            list(container, "volumeMounts")
                    .addObject()
                    .put("name", volume)
                    .put("readOnly", true)
                    .put("mountPath", MOUNT_PATH);
        }
    }

    private static boolean lacksMount(JsonNode container) {
        for (JsonNode mount : container.path("volumeMounts")) {
            if (mount.path("mountPath").asText("").equals(MOUNT_PATH)) {
                return false;
            }
        }
        return container.isObject();
    }

    /** A copied pod brings the volume of its original along. */
    private static String existing(ObjectNode spec) {
        for (JsonNode volume : spec.path("volumes")) {
            if (volume.path("name").asText("").startsWith(VOLUME_PREFIX)
                    && !volume.path("projected").isMissingNode()) {
                return volume.path("name").asText();
            }
        }
        return "";
    }

    private static ObjectNode volume(String name) {
        ObjectNode volume = JsonNodeFactory.instance.objectNode().put("name", name);
        ObjectNode projected = volume.putObject("projected");
        ArrayNode sources = projected.putArray("sources");
        sources.addObject()
                .putObject("serviceAccountToken")
                .put("expirationSeconds", TOKEN_SECONDS)
                .put("path", "token");
        ObjectNode authority = sources.addObject().putObject("configMap").put("name", "kube-root-ca.crt");
        authority.putArray("items").addObject().put("key", "ca.crt").put("path", "ca.crt");
        ObjectNode namespace =
                sources.addObject().putObject("downwardAPI").putArray("items").addObject();
        namespace.put("path", "namespace");
        namespace.putObject("fieldRef").put("apiVersion", "v1").put("fieldPath", "metadata.namespace");
        projected.put("defaultMode", READABLE_BY_ALL);
        return volume;
    }

    private static ArrayNode list(ObjectNode parent, String field) {
        return parent.get(field) instanceof ArrayNode present ? present : parent.putArray(field);
    }

    private String suffix() {
        StringBuilder text = new StringBuilder();
        for (int count = 0; count < 5; count++) {
            text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return text.toString();
    }
}
