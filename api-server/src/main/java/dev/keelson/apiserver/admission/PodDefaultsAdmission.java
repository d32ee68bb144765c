package dev.keelson.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.admission.AdmissionRequest.Operation;
import java.util.List;

/**
 * What every new pod gets from the cluster: patience with a node that is gone for a moment (Kubernetes'
 * DefaultTolerationSeconds admission).
 */
public final class PodDefaultsAdmission implements Admission {
    private static final int TOLERATION_SECONDS = 300;

    @Override
    public void mutate(AdmissionRequest request) {
        if (request.operation() != Operation.CREATE || !request.concernsCore("pods")) {
            return;
        }
        ObjectNode spec = request.object().withObject("/spec");
        tolerate(spec, "node.kubernetes.io/not-ready");
        tolerate(spec, "node.kubernetes.io/unreachable");
    }

    private static void tolerate(ObjectNode spec, String taint) {
        ArrayNode tolerations =
                spec.get("tolerations") instanceof ArrayNode present ? present : spec.putArray("tolerations");
        for (JsonNode toleration : tolerations) {
            boolean concerns =
                    List.of("", taint).contains(toleration.path("key").asText(""));
            boolean effect =
                    List.of("", "NoExecute").contains(toleration.path("effect").asText(""));
            if (concerns && effect) {
                return;
            }
        }
        tolerations
                .addObject()
                .put("key", taint)
                .put("operator", "Exists")
                .put("effect", "NoExecute")
                .put("tolerationSeconds", TOLERATION_SECONDS);
    }
}
