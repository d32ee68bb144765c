package dev.keelson.node.container;

import dev.keelson.node.NodeException;
import dev.keelson.node.pod.spec.DesiredPod;
import dev.keelson.node.runtime.PodSandbox;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContext;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Users and groups that a spec names have to be among those that the pod has: with users of its own it has few, where the
 * host's would have all 32 bits. One beyond them would be another pod's on this node. Pure.
 */
public final class PodIds {
    private PodIds() {}

    /** @throws NodeException {@code INVALID} with the first field that names an id beyond the pod's */
    static void check(DesiredPod pod, Container container, PodSandbox sandbox) {
        Stream.concat(ofContainer(container), ofPod(pod))
                .flatMap(field -> field.beyond(sandbox).stream())
                .findFirst()
                .ifPresent(why -> {
                    throw new NodeException(NodeException.Kind.INVALID, "CreateContainerConfigError", why);
                });
    }

    /** What is wrong with the group of the pod's volumes; empty when nothing is. */
    public static Optional<String> wrongFsGroup(DesiredPod pod, PodSandbox sandbox) {
        return SecurityContexts.podContext(pod)
                .flatMap(context -> new Field("fsGroup", context.getFsGroup()).beyond(sandbox));
    }

    private static Stream<Field> ofContainer(Container container) {
        SecurityContext context = container.getSecurityContext();
        return context == null
                ? Stream.empty()
                : Stream.of(
                        new Field("runAsUser", context.getRunAsUser()),
                        new Field("runAsGroup", context.getRunAsGroup()));
    }

    private static Stream<Field> ofPod(DesiredPod pod) {
        return SecurityContexts.podContext(pod).stream().flatMap(PodIds::fields);
    }

    private static Stream<Field> fields(PodSecurityContext context) {
        Stream<Field> groups = Optional.ofNullable(context.getSupplementalGroups()).orElse(List.of()).stream()
                .map(group -> new Field("supplementalGroups", group));
        return Stream.concat(
                Stream.of(
                        new Field("runAsUser", context.getRunAsUser()),
                        new Field("runAsGroup", context.getRunAsGroup())),
                groups);
    }

    /** @param id null when the spec does not say */
    private record Field(String name, Long id) {
        Optional<String> beyond(PodSandbox sandbox) {
            boolean ownUsers = sandbox.rootUid() != 0;
            return id == null || !ownUsers || id < sandbox.idRange()
                    ? Optional.empty()
                    : Optional.of("%s %d is none of the pod's own ids, 0 to %d; use one of them, or hostUsers: true"
                            .formatted(name, id, sandbox.idRange() - 1));
        }
    }
}
