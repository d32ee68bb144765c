package dev.keelson.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.admission.AdmissionRequest.Operation;
import dev.keelson.apiserver.auth.Attributes;
import dev.keelson.apiserver.auth.Authorizer;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.rules.Tree;

/**
 * Who may write an approval or a certificate into a CertificateSigningRequest must also be allowed to {@code approve} or
 * {@code sign} for its signer (Kubernetes' CertificateApproval and CertificateSigning).
 */
public final class SignerAdmission implements Admission {
    private static final String GROUP = "certificates.k8s.io";

    private final Authorizer authorizer;

    public SignerAdmission(Authorizer authorizer) {
        this.authorizer = authorizer;
    }

    @Override
    public void validate(AdmissionRequest request) {
        if (request.operation() != Operation.UPDATE
                || !request.kind().group().equals(GROUP)
                || !request.kind().plural().equals("certificatesigningrequests")) {
            return;
        }
        switch (request.subresource()) {
            case "approval" -> require(request, "approve");
            case "status" -> {
                if (changes(request, "certificate") || changes(request, "conditions")) {
                    require(request, "sign");
                }
            }
            default -> {}
        }
    }

    private static boolean changes(AdmissionRequest request, String field) {
        ObjectNode old = request.old().orElseGet(request.object()::objectNode);
        return !Tree.same(Tree.at(request.object(), "status", field), Tree.at(old, "status", field));
    }

    private void require(AdmissionRequest request, String verb) {
        ObjectNode old = request.old().orElseGet(request.object()::objectNode);
        String signer = Tree.text(old, "spec", "signerName");
        String everyOfDomain = signer.substring(0, Math.max(0, signer.indexOf('/'))) + "/*";
        if (!may(request, verb, signer) && !may(request, verb, everyOfDomain)) {
            throw ApiFailure.forbidden(
                    request.kind(),
                    request.name(),
                    "user not permitted to %s requests with signerName \"%s\"".formatted(verb, signer));
        }
    }

    private boolean may(AdmissionRequest request, String verb, String signer) {
        return authorizer
                .authorize(new Attributes(request.user(), verb, GROUP, "v1", "signers", "", "", signer, ""))
                .allowed();
    }
}
