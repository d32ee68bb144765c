package dev.keelson.node.manifest;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Whether a static pod's names are such that it can be shown to anybody: what the API server would demand of them, which
 * never sees the file (Kubernetes: "Object Names and IDs"). Pure.
 */
final class StaticPodNames {
    private static final int LONGEST_SUBDOMAIN = 253;
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final Pattern SUBDOMAIN =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

    private StaticPodNames() {}

    /** What is wrong first; empty when nothing is. */
    static Optional<String> wrong(Pod pod) {
        String name = pod.getMetadata().getName();
        if (name.length() > LONGEST_SUBDOMAIN || !SUBDOMAIN.matcher(name).matches()) {
            return Optional.of(
                    ("metadata.name with the node's name behind it, \"%s\", must be a lowercase RFC 1123 subdomain of "
                                    + "at most %d characters")
                            .formatted(name, LONGEST_SUBDOMAIN));
        }
        String namespace = pod.getMetadata().getNamespace();
        if (!LABEL.matcher(namespace).matches()) {
            return Optional.of("metadata.namespace \"%s\" must be a lowercase RFC 1123 label".formatted(namespace));
        }
        return containers(pod);
    }

    private static Optional<String> containers(Pod pod) {
        Set<String> names = new HashSet<>();
        return Stream.of(pod.getSpec().getInitContainers(), pod.getSpec().getContainers())
                .flatMap(list -> list.stream())
                .flatMap(container -> container(container, names).stream())
                .findFirst();
    }

    private static Optional<String> container(Container container, Set<String> names) {
        String name = Objects.requireNonNullElse(container.getName(), "");
        if (!LABEL.matcher(name).matches()) {
            return Optional.of("container name \"%s\" must be a lowercase RFC 1123 label".formatted(name));
        }
        if (!names.add(name)) {
            return Optional.of("two containers are named \"%s\"".formatted(name));
        }
        return Objects.requireNonNullElse(container.getImage(), "").isBlank()
                ? Optional.of("container %s: image is required".formatted(name))
                : Optional.empty();
    }
}
