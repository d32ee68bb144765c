package dev.keelson.node.pod.spec;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A pod as its API object wants it, read once by {@link DesiredPods} so that deciding needs no null checks.
 *
 * @param finished the API server already holds a final phase (Succeeded or Failed): nothing of it ever runs again
 * @param activeDeadline when the pod may no longer run, from {@code activeDeadlineSeconds}
 * @param grace time that stopping may take, {@code terminationGracePeriodSeconds}
 * @param initContainers in the order in which they run, sidecars among them
 * @param object the API object; never changed
 */
public record DesiredPod(
        String uid,
        String namespace,
        String name,
        Lifecycle lifecycle,
        RestartPolicy restartPolicy,
        boolean hostNetwork,
        boolean finished,
        Optional<Instant> activeDeadline,
        Duration grace,
        List<DesiredContainer> initContainers,
        List<DesiredContainer> containers,
        List<DesiredContainer> ephemeralContainers,
        Pod object) {

    public DesiredPod {
        initContainers = List.copyOf(initContainers);
        containers = List.copyOf(containers);
        ephemeralContainers = List.copyOf(ephemeralContainers);
    }

    /** How people name it: {@code namespace/name}. */
    public String key() {
        return namespace + "/" + name;
    }

    public Stream<DesiredContainer> allContainers() {
        return Stream.of(initContainers, containers, ephemeralContainers).flatMap(List::stream);
    }

    public Stream<DesiredContainer> sidecars() {
        return initContainers.stream().filter(container -> container.role() == DesiredContainer.Role.SIDECAR);
    }

    public Optional<DesiredContainer> container(String containerName) {
        return allContainers()
                .filter(container -> container.name().equals(containerName))
                .findFirst();
    }

    /** The images of its {@code image} volumes. */
    public Stream<DesiredImage> volumeImages() {
        return object.getSpec().getVolumes().stream().flatMap(volume -> DesiredImage.of(volume).stream());
    }

    /** All images that it is made of. */
    public Stream<DesiredImage> images() {
        return Stream.concat(allContainers().map(DesiredContainer::desiredImage), volumeImages());
    }

    public boolean deadlineExceeded(Instant now) {
        return activeDeadline.isPresent() && !now.isBefore(activeDeadline.get());
    }

    public DesiredPod withLifecycle(Lifecycle next) {
        return new DesiredPod(
                uid,
                namespace,
                name,
                next,
                restartPolicy,
                hostNetwork,
                finished,
                activeDeadline,
                grace,
                initContainers,
                containers,
                ephemeralContainers,
                object);
    }
}
