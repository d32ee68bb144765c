package dev.keelson.node.status;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.util.List;

/**
 * The strategic merge patch that turns one pod status into another. The pod's uid is in it, so that a successor of the
 * same name is never written to; conditions merge by type, so that other writers' conditions stay.
 */
final class StatusPatch {
    private static final ObjectMapper JSON = new ObjectMapper();

    private StatusPatch() {}

    static byte[] of(String podUid, PodStatus before, PodStatus after) {
        ObjectNode patch = JSON.createObjectNode();
        patch.putObject("metadata").put("uid", podUid);
        ObjectNode status = JSON.valueToTree(after);
        clearWhenAbsent(status, "reason", "message", "resize");
        status.withArray("conditions")
                .forEach(condition -> clearWhenAbsent((ObjectNode) condition, "reason", "message"));
        dropOldConditions(status, before, after);
        dropOldAddresses(status, before.getPodIPs(), after.getPodIPs());
        patch.set("status", status);
        try {
            return JSON.writeValueAsBytes(patch);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a JSON tree cannot be written", impossible);
        }
    }

    private static void clearWhenAbsent(ObjectNode node, String... fields) {
        for (String field : fields) {
            JsonNode value = node.get(field);
            if (value == null) {
                node.putNull(field);
            }
        }
    }

    /** Of this node's conditions only these come and go. */
    private static void dropOldConditions(ObjectNode status, PodStatus before, PodStatus after) {
        before.getConditions().stream()
                .map(PodCondition::getType)
                .filter(type -> type.startsWith("PodResize"))
                .filter(type -> after.getConditions().stream()
                        .noneMatch(kept -> kept.getType().equals(type)))
                .forEach(type -> status.withArray("conditions")
                        .addObject()
                        .put("$patch", "delete")
                        .put("type", type));
    }

    /** {@code podIPs} merges by address: an old one goes only when the patch says so. */
    private static void dropOldAddresses(ObjectNode status, List<PodIP> before, List<PodIP> after) {
        for (PodIP old : before) {
            if (!after.contains(old)) {
                ArrayNode addresses = status.withArray("podIPs");
                addresses.addObject().put("$patch", "delete").put("ip", old.getIp());
            }
        }
    }
}
