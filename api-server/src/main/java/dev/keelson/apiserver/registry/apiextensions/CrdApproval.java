package dev.keelson.apiserver.registry.apiextensions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.Tree;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.Set;

/**
 * What a definition in a group of the Kubernetes community says about its approval.
 *
 * @param message about it
 * @see <a href="https://github.com/kubernetes/enhancements/pull/1111">API group protection</a>
 */
public record CrdApproval(State state, String message) {
    static final String ANNOTATION = "api-approved.kubernetes.io";

    private static final String CONDITION = "KubernetesAPIApprovalPolicyConformant";
    private static final String RULE = "protected groups must have approval annotation \"" + ANNOTATION + "\"";
    private static final String SEE = ", see https://github.com/kubernetes/enhancements/pull/1111";
    private static final String BYPASS = "unapproved";

    /** What the annotation is, and the reason of the condition that says so. */
    enum State {
        APPROVED("ApprovedAnnotation"),
        BYPASSED("UnapprovedAnnotation"),
        MISSING("MissingAnnotation"),
        INVALID("InvalidAnnotation");

        private final String reason;

        State(String reason) {
            this.reason = reason;
        }
    }

    /** Empty when the definition's group is nobody's in particular. */
    public static Optional<CrdApproval> of(ObjectNode crd) {
        String group = Tree.text(crd, "spec", "group");
        boolean guarded = group.endsWith(".k8s.io")
                || group.endsWith(".kubernetes.io")
                || Set.of("k8s.io", "kubernetes.io").contains(group);
        return guarded ? Optional.of(by(annotation(crd))) : Optional.empty();
    }

    static String annotation(ObjectNode crd) {
        return Tree.text(crd, "metadata", "annotations", ANNOTATION);
    }

    private static CrdApproval by(String annotation) {
        if (annotation.isEmpty()) {
            return new CrdApproval(State.MISSING, RULE + SEE);
        }
        if (annotation.startsWith(BYPASS)) {
            return new CrdApproval(State.BYPASSED, "not approved: \"" + annotation + "\"");
        }
        return isUrl(annotation)
                ? new CrdApproval(State.APPROVED, "approved in " + annotation)
                : new CrdApproval(
                        State.INVALID, RULE + " with either a URL or a reason starting with \"" + BYPASS + "\"" + SEE);
    }

    private static boolean isUrl(String text) {
        try {
            URI uri = new URI(text);
            return uri.getScheme() != null && uri.getHost() != null;
        } catch (URISyntaxException other) {
            return false;
        }
    }

    /** Says so in the status. */
    public CrdCondition condition() {
        return new CrdCondition(CONDITION, state == State.APPROVED, state.reason, message);
    }
}
