package dev.keelson.controllers.certificates;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Decides which approved requests are signed: the rules of Kubernetes' own signers.
 *
 * @see <a href="https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/#kubernetes-signers">Signers</a>
 */
final class SigningPlanner {
    static final String CLIENT = "kubernetes.io/kube-apiserver-client";
    static final String KUBELET_CLIENT = "kubernetes.io/kube-apiserver-client-kubelet";
    static final String KUBELET_SERVING = "kubernetes.io/kubelet-serving";

    private static final String REASON = "SignerValidationFailure";
    private static final Set<String> KEY_USAGES = Set.of("digital signature", "key encipherment");

    private SigningPlanner() {}

    /**
     * A request as it stands.
     *
     * @param conditions the types of its conditions
     * @param issued whether it has its certificate
     */
    record Request(String signer, List<String> conditions, boolean issued, Optional<Profile> profile) {}

    static SigningPlan plan(Request request) {
        boolean ours = Set.of(CLIENT, KUBELET_CLIENT, KUBELET_SERVING).contains(request.signer());
        boolean decided = request.conditions().contains("Approved")
                && !request.conditions().contains("Denied")
                && !request.conditions().contains("Failed");
        if (!ours || !decided || request.issued()) {
            return new SigningPlan.Leave();
        }
        if (request.profile().isEmpty()) {
            return refuse("the request cannot be read, or its signature is not that of its key");
        }
        Profile profile = request.profile().get();
        Optional<String> problem =
                switch (request.signer()) {
                    case CLIENT -> client(profile);
                    case KUBELET_CLIENT -> kubeletClient(profile);
                    default -> kubeletServing(profile);
                };
        return problem.<SigningPlan>map(SigningPlanner::refuse).orElseGet(() -> new SigningPlan.Sign(profile));
    }

    private static Optional<String> client(Profile profile) {
        if (profile.organizations().contains("system:masters")) {
            // Kubernetes refuses such a request at once; no certificate may stand above every rule.
            return Optional.of("no client certificate is signed for the group system:masters");
        }
        return usages(profile, "client auth");
    }

    private static Optional<String> kubeletClient(Profile profile) {
        boolean alternative = !profile.dnsNames().isEmpty()
                || !profile.addresses().isEmpty()
                || !profile.others().isEmpty();
        if (alternative) {
            return Optional.of("subjectAltNames are not allowed");
        }
        return node(profile).or(() -> usages(profile, "client auth"));
    }

    private static Optional<String> kubeletServing(Profile profile) {
        if (profile.dnsNames().isEmpty() && profile.addresses().isEmpty()) {
            return Optional.of("DNS or IP subjectAltName is required");
        }
        if (!profile.others().isEmpty()) {
            return Optional.of("subjectAltNames of emails and URIs are not allowed");
        }
        return node(profile).or(() -> usages(profile, "server auth"));
    }

    private static Optional<String> node(Profile profile) {
        if (!profile.organizations().equals(List.of("system:nodes"))) {
            return Optional.of("subject organization is not system:nodes");
        }
        return profile.commonName().startsWith("system:node:")
                ? Optional.empty()
                : Optional.of("subject common name does not begin with system:node:");
    }

    private static Optional<String> usages(Profile profile, String purpose) {
        boolean fits = profile.usages().contains(purpose)
                && profile.usages().stream().allMatch(usage -> usage.equals(purpose) || KEY_USAGES.contains(usage));
        return fits
                ? Optional.empty()
                : Optional.of("invalid usages for this signer: required is \"%s\", allowed beside it %s"
                        .formatted(purpose, KEY_USAGES.stream().sorted().toList()));
    }

    private static SigningPlan refuse(String message) {
        return new SigningPlan.Refuse(REASON, message);
    }
}
