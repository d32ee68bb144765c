package dev.keelson.node.apparmor;

import io.fabric8.kubernetes.api.model.AppArmorProfile;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContext;
import java.util.Optional;

/** Which AppArmor profile a pod's author wants for a container. Pure. */
public sealed interface ProfileChoice {

    /** The annotation that said it before Kubernetes 1.30; the container's name follows. */
    String ANNOTATION = "container.apparmor.security.beta.kubernetes.io/";

    String LOCALHOST = "localhost/";

    /** Nothing is said: the default profile where the node has one. */
    record Unsaid() implements ProfileChoice {}

    /** The default profile, and nothing less. */
    record RuntimeDefault() implements ProfileChoice {}

    record Unconfined() implements ProfileChoice {}

    /** @param profile name of a profile that the node's owner has loaded into the kernel */
    record Localhost(String profile) implements ProfileChoice {}

    /** True when the container must not run without a profile. */
    default boolean demanded() {
        return switch (this) {
            case RuntimeDefault _, Localhost _ -> true;
            case Unsaid _, Unconfined _ -> false;
        };
    }

    /** The container's own field, else the old annotation about it, else the pod's field (Kubernetes KEP-24). */
    static ProfileChoice of(Pod pod, Container container) {
        return Optional.ofNullable(container.getSecurityContext())
                .map(SecurityContext::getAppArmorProfile)
                .map(ProfileChoice::field)
                .or(() -> annotated(pod, container))
                .or(() -> Optional.ofNullable(pod.getSpec().getSecurityContext())
                        .map(PodSecurityContext::getAppArmorProfile)
                        .map(ProfileChoice::field))
                .orElseGet(Unsaid::new);
    }

    private static ProfileChoice field(AppArmorProfile profile) {
        return switch (String.valueOf(profile.getType())) {
            case "Unconfined" -> new Unconfined();
            case "Localhost" -> new Localhost(String.valueOf(profile.getLocalhostProfile()));
            // The API server lets no other type pass; whatever it would be, it asks for protection.
            default -> new RuntimeDefault();
        };
    }

    private static Optional<ProfileChoice> annotated(Pod pod, Container container) {
        return Optional.ofNullable(pod.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(ANNOTATION + container.getName()))
                .map(value -> {
                    if (value.startsWith(LOCALHOST)) {
                        return new Localhost(value.substring(LOCALHOST.length()));
                    }
                    return value.equals("unconfined") ? new Unconfined() : new RuntimeDefault();
                });
    }
}
