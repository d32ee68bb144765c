package dev.keelson.apiserver.admission;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.admission.AdmissionRequest.Operation;
import dev.keelson.apiserver.auth.User;

/** Writes into a CertificateSigningRequest who really asks; what the request itself claims does not count. */
public final class SigningRequestAdmission implements Admission {

    @Override
    public void mutate(AdmissionRequest request) {
        if (request.operation() != Operation.CREATE
                || !request.concerns("certificates.k8s.io", "certificatesigningrequests")) {
            return;
        }
        ObjectNode spec = request.object().withObject("/spec");
        spec.remove("uid");
        spec.remove("extra");
        User user = request.user();
        spec.put("username", user.name());
        if (!user.uid().isEmpty()) {
            spec.put("uid", user.uid());
        }
        ArrayNode groups = spec.putArray("groups");
        user.groups().forEach(groups::add);
        user.extra().forEach((key, values) -> {
            ArrayNode list = spec.withObject("/extra").putArray(key);
            values.forEach(list::add);
        });
    }
}
