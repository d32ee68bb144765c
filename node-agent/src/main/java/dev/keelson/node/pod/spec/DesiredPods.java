package dev.keelson.node.pod.spec;

import dev.keelson.node.pod.spec.DesiredContainer.Role;
import dev.keelson.node.probe.ProbeSpec;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EphemeralContainer;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Reads API objects into {@link DesiredPod}, the only place that deals with absent fields. */
public final class DesiredPods {
    /** The API takes any 64-bit number of seconds; what is longer than anybody waits is as good as this. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private static final Duration DEFAULT_GRACE = Duration.ofSeconds(30);
    /** What an unknown pod's containers get: the API server has let go of it, so nobody waits. */
    public static final Duration ORPHAN_GRACE = Duration.ofSeconds(1);

    private DesiredPods() {}

    public static DesiredPod of(Pod pod) {
        var spec = pod.getSpec();
        RestartPolicy policy = RestartPolicy.parse(Objects.requireNonNullElse(spec.getRestartPolicy(), "Always"));
        return new DesiredPod(
                pod.getMetadata().getUid(),
                pod.getMetadata().getNamespace(),
                pod.getMetadata().getName(),
                lifecycle(pod),
                policy,
                Boolean.TRUE.equals(spec.getHostNetwork()),
                phaseIsFinal(pod),
                activeDeadline(pod),
                grace(spec.getTerminationGracePeriodSeconds()),
                spec.getInitContainers().stream()
                        .map(c -> container(c, initRole(c), policy))
                        .toList(),
                spec.getContainers().stream()
                        .map(c -> container(c, Role.MAIN, policy))
                        .toList(),
                spec.getEphemeralContainers().stream()
                        .map(DesiredPods::ephemeral)
                        .toList(),
                pod);
    }

    /** What is left on this node of a pod whose API object this agent never saw. */
    public static DesiredPod orphan(String uid, String namespace, String name) {
        Pod shell = new PodBuilder()
                .withNewMetadata()
                .withUid(uid)
                .withNamespace(namespace)
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .build();
        return of(shell).withLifecycle(new Lifecycle.Gone(ORPHAN_GRACE, false));
    }

    private static Lifecycle lifecycle(Pod pod) {
        String deletion = pod.getMetadata().getDeletionTimestamp();
        if (deletion == null) {
            return new Lifecycle.Wanted();
        }
        Instant deadline = Instant.parse(deletion);
        long grace = Objects.requireNonNullElse(pod.getMetadata().getDeletionGracePeriodSeconds(), 0L);
        return new Lifecycle.Terminating(deadline.minusSeconds(Math.min(grace, deadline.getEpochSecond())), deadline);
    }

    private static boolean phaseIsFinal(Pod pod) {
        String phase = pod.getStatus() == null
                ? ""
                : Objects.requireNonNullElse(pod.getStatus().getPhase(), "");
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    private static Optional<Instant> activeDeadline(Pod pod) {
        Optional<Duration> limit = seconds(pod.getSpec().getActiveDeadlineSeconds());
        String start = pod.getStatus() == null ? null : pod.getStatus().getStartTime();
        return start == null ? Optional.empty() : limit.map(Instant.parse(start)::plus);
    }

    private static Role initRole(Container container) {
        return "Always".equals(container.getRestartPolicy()) ? Role.SIDECAR : Role.INIT;
    }

    private static DesiredContainer ephemeral(EphemeralContainer written) {
        String target = Objects.requireNonNullElse(written.getTargetContainerName(), "");
        return container(EphemeralContainers.asContainer(written), Role.EPHEMERAL, RestartPolicy.NEVER, target);
    }

    private static DesiredContainer container(Container c, Role role, RestartPolicy podPolicy) {
        return container(c, role, podPolicy, "");
    }

    private static DesiredContainer container(Container c, Role role, RestartPolicy podPolicy, String target) {
        String image = Objects.requireNonNullElse(c.getImage(), "");
        return new DesiredContainer(
                c.getName(),
                image,
                PullPolicy.parse(Objects.requireNonNullElse(c.getImagePullPolicy(), ""), image),
                policyOf(role, podPolicy),
                role,
                ProbeSpec.of(c.getStartupProbe(), c),
                ProbeSpec.of(c.getLivenessProbe(), c),
                ProbeSpec.of(c.getReadinessProbe(), c),
                target,
                c);
    }

    /** An init container that fails is run again unless the pod's policy is Never (Kubernetes: init containers). */
    private static RestartPolicy policyOf(Role role, RestartPolicy podPolicy) {
        return switch (role) {
            case SIDECAR -> RestartPolicy.ALWAYS;
            case INIT -> podPolicy == RestartPolicy.NEVER ? RestartPolicy.NEVER : RestartPolicy.ON_FAILURE;
            case MAIN, EPHEMERAL -> podPolicy;
        };
    }

    /** A negative time counts as a second, as in Kubernetes, whose API lets it pass with a warning. */
    private static Duration grace(Long asked) {
        return seconds(asked)
                .map(grace -> grace.isNegative() ? Duration.ofSeconds(1) : grace)
                .orElse(DEFAULT_GRACE);
    }

    private static Optional<Duration> seconds(Long value) {
        return Optional.ofNullable(value).map(Duration::ofSeconds).map(DesiredPods::bounded);
    }

    /** A time that may be added to any other of today. */
    static Duration bounded(Duration time) {
        return time.compareTo(LONGEST) > 0 ? LONGEST : time;
    }

    static List<String> names(List<DesiredContainer> containers) {
        return containers.stream().map(DesiredContainer::name).toList();
    }
}
