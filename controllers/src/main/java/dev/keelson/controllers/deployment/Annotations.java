package dev.keelson.controllers.deployment;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The annotations by which Deployments and their ReplicaSets remember revisions and sizes; kubectl reads them too. */
final class Annotations {
    static final String REVISION = "deployment.kubernetes.io/revision";
    /** The Deployment's size when this ReplicaSet was scaled last: tells a change of size from a rollout. */
    static final String DESIRED = "deployment.kubernetes.io/desired-replicas";
    /** The Deployment's size plus surge at that time: the base of proportional scaling. */
    static final String MAX = "deployment.kubernetes.io/max-replicas";

    static final String HASH_LABEL = "pod-template-hash";

    private static final Set<String> NOT_INHERITED = Set.of(
            REVISION,
            DESIRED,
            MAX,
            "deployment.kubernetes.io/revision-history",
            "kubectl.kubernetes.io/last-applied-configuration",
            "deprecated.deployment.rollback.to");

    private Annotations() {}

    static Map<String, String> of(HasMetadata object) {
        return Objects.requireNonNullElse(object.getMetadata().getAnnotations(), Map.of());
    }

    static long revision(HasMetadata object) {
        return number(object, REVISION).orElse(0L);
    }

    static Optional<Long> number(HasMetadata object, String annotation) {
        try {
            return Optional.ofNullable(of(object).get(annotation)).map(Long::parseLong);
        } catch (NumberFormatException edited) {
            return Optional.empty(); // somebody changed it by hand; it is written anew
        }
    }

    /** The Deployment's own annotations as its newest ReplicaSet carries them, {@code change-cause} among them. */
    static Map<String, String> inherited(HasMetadata deployment) {
        Map<String, String> inherited = new TreeMap<>(of(deployment));
        inherited.keySet().removeAll(NOT_INHERITED);
        return inherited;
    }
}
