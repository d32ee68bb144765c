package dev.keelson.node.pod;

import dev.keelson.node.NodeException;
import dev.keelson.node.image.Image;
import dev.keelson.node.image.ImageReference;
import dev.keelson.node.pod.plan.CrashBackoff;
import dev.keelson.node.pod.plan.EndPlanner;
import dev.keelson.node.pod.plan.Failure;
import dev.keelson.node.pod.plan.PodAction;
import dev.keelson.node.pod.plan.PodObserved;
import dev.keelson.node.pod.plan.Resize;
import dev.keelson.node.pod.plan.Stage;
import dev.keelson.node.pod.spec.DesiredContainer;
import dev.keelson.node.pod.spec.DesiredImage;
import dev.keelson.node.pod.spec.DesiredPod;
import dev.keelson.node.pod.spec.PullPolicy;
import dev.keelson.node.runtime.ContainerConfig;
import dev.keelson.node.runtime.ContainerStatus;
import dev.keelson.node.runtime.PodSandbox;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Carries out the steps of single containers. Each answers true: a failing container does not hold up the others. Only a pod
 * that does not get on the network ends the round.
 */
final class ContainerExecutor {
    private static final Logger LOG = System.getLogger(ContainerExecutor.class.getName());

    private final PodHost host;
    private final PodMemory memory;
    private final ImageNews images;
    private final Runnable wake;
    private final Predicate<DesiredPod> connected;

    /** @param connected waits until the pod is on the network; false when it does not get there, which has been filed */
    ContainerExecutor(
            PodHost host, PodMemory memory, ImageNews images, Runnable wake, Predicate<DesiredPod> connected) {
        this.host = host;
        this.memory = memory;
        this.images = images;
        this.wake = wake;
        this.connected = connected;
    }

    boolean pull(DesiredPod pod, DesiredImage image) {
        if (memory.beginPull(image.subject())) {
            host.background().execute(() -> fetch(pod, image));
        }
        return true;
    }

    private void fetch(DesiredPod pod, DesiredImage wanted) {
        boolean fetched = false;
        try {
            ImageReference.parse(wanted.reference()); // What is no name is not pulled, and nobody is told that it is.
            Instant begun = host.clock().instant();
            images.pulling(pod, wanted, "");
            PullNews news = new PullNews(host.clock(), text -> images.pulling(pod, wanted, ": " + text));
            Image image = host.images().pull(pod, wanted.reference(), news);
            images.pulled(pod, wanted, Duration.between(begun, host.clock().instant()), image.sizeBytes());
            fetched = true;
        } catch (NodeException failure) {
            fail(pod, wanted, failure);
        } finally {
            memory.endPull(wanted.subject(), wanted.reference(), fetched);
            wake.run();
        }
    }

    boolean start(DesiredPod pod, PodObserved seen, PodAction.StartContainer start) {
        DesiredContainer container = start.container();
        Stage stage = Stage.IMAGE;
        try {
            Image image = host.images().present(container.image()).orElseThrow(() -> absent(container));
            stage = Stage.CONFIG;
            ContainerStatus created = create(pod, seen, start, image);
            if (!connected.test(pod)) {
                return false;
            }
            stage = Stage.START;
            ContainerStatus run = begin(created.id());
            memory.started(container.name(), start.attempt(), forgiven(container, seen));
            memory.applied(run.id(), Resize.wanted(container));
            memory.succeeded(Stage.START, container.name());
            memory.succeeded(Stage.IMAGE, container.image());
            host.events().normal(pod, container.name(), "Started", "Started container " + container.name());
        } catch (NodeException failure) {
            if (stage == Stage.IMAGE && container.pullPolicy() == PullPolicy.IF_NOT_PRESENT) {
                return true; // Removed since it was looked for: the next plan pulls it.
            }
            if (stage == Stage.IMAGE) {
                fail(pod, container.desiredImage(), failure);
            } else {
                fail(pod, container, stage, failure);
            }
        }
        return true;
    }

    private ContainerStatus create(DesiredPod pod, PodObserved seen, PodAction.StartContainer start, Image image) {
        DesiredContainer container = start.container();
        List<String> podIps = pod.hostNetwork() ? List.of(host.network().nodeIp()) : memory.podIps();
        PodSandbox sandbox = host.runtime().listPodSandboxes().stream()
                .filter(found -> found.uid().equals(pod.uid()))
                .findFirst()
                .orElseThrow(() -> new NodeException(
                        NodeException.Kind.TRANSIENT, "CreateContainerError", "the pod's sandbox is gone"));
        ContainerConfig config = host.configs()
                .container(pod, container, start.attempt(), image, sandbox, podIps, target(container, seen));
        if (container.pullPolicy() != PullPolicy.ALWAYS && !memory.pulled().contains(container.name())) {
            images.present(pod, container.desiredImage());
        }
        ContainerStatus created = host.runtime().createContainer(config);
        host.events().normal(pod, container.name(), "Created", "Created container: " + container.name());
        return created;
    }

    private static NodeException absent(DesiredContainer container) {
        if (container.pullPolicy() != PullPolicy.NEVER) {
            return new NodeException(
                    NodeException.Kind.TRANSIENT, "ErrImagePull", "image " + container.image() + " has vanished");
        }
        ImageReference.parse(container.image()); // What is no name at all is not merely absent.
        return new NodeException(
                NodeException.Kind.INVALID,
                "ErrImageNeverPull",
                "Container image \"%s\" is not present with pull policy of Never; load it with `keelson image load`"
                        .formatted(container.image()));
    }

    private static boolean forgiven(DesiredContainer container, PodObserved seen) {
        List<ContainerStatus> runs = seen.runs(container.name());
        return !runs.isEmpty()
                && runs.getLast().exit().isPresent()
                && CrashBackoff.forgives(Duration.between(
                        runs.getLast().startedAt().orElse(runs.getLast().createdAt()),
                        runs.getLast().exit().get().finishedAt()));
    }

    /** What was started although nobody answered is started: a second try would find it running and tell nobody. */
    private ContainerStatus begin(String containerId) {
        try {
            return host.runtime().startContainer(containerId);
        } catch (NodeException failure) {
            ContainerStatus now = host.runtime().containerStatus(containerId);
            if (now.state() == ContainerStatus.State.RUNNING) {
                return now;
            }
            throw failure;
        }
    }

    boolean postStart(DesiredPod pod, PodObserved seen, PodAction.RunPostStart hook) {
        String name = hook.container().name();
        Optional<ContainerStatus> run = seen.running().stream()
                .filter(found -> found.id().equals(hook.containerId()))
                .findFirst();
        if (run.isPresent() && memory.beginHook(name)) {
            List<String> podIps = memory.podIps();
            host.background().execute(() -> {
                try {
                    host.hooks().postStart(pod, hook.container(), run.get(), podIps);
                    memory.hooked(name, hook.containerId());
                } catch (NodeException failure) {
                    host.events().warning(pod, name, "FailedPostStartHook", failure.getMessage());
                    stopNow(
                            pod,
                            new PodAction.StopContainer(
                                    hook.containerId(), name, pod.grace(), "FailedPostStartHook", true),
                            run);
                } finally {
                    memory.endHook(name);
                    wake.run();
                }
            });
        }
        return true;
    }

    /** The run whose processes an ephemeral container wants to see. */
    private static Optional<String> target(DesiredContainer container, PodObserved seen) {
        if (container.target().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(seen.running().stream()
                .filter(run -> run.name().equals(container.target()))
                .findFirst()
                .map(ContainerStatus::id)
                .orElseThrow(() -> new NodeException(
                        NodeException.Kind.TRANSIENT,
                        "CreateContainerError",
                        "unable to find target container \"%s\": it is not running".formatted(container.target()))));
    }

    boolean stop(DesiredPod pod, PodObserved seen, PodAction.StopContainer stop) {
        memory.beginStop(stop.containerId(), host.clock().instant().plus(stop.grace()));
        Optional<ContainerStatus> run = seen.containers().stream()
                .filter(found -> found.id().equals(stop.containerId()))
                .findFirst();
        host.background().execute(() -> stopNow(pod, stop, run));
        return true;
    }

    private void stopNow(DesiredPod pod, PodAction.StopContainer stop, Optional<ContainerStatus> run) {
        Instant killAt = host.clock().instant().plus(stop.grace());
        try {
            host.events().normal(pod, stop.container(), "Killing", stop.reason());
            if (stop.hook() && run.isPresent() && !stop.grace().isZero()) {
                pod.container(stop.container()).ifPresent(container -> host.hooks()
                        .preStop(pod, container, run.get(), memory.podIps(), stop.grace()));
            }
            Duration left = Duration.between(host.clock().instant(), killAt);
            Duration least = stop.grace().compareTo(EndPlanner.LEAST_GRACE) < 0 ? stop.grace() : EndPlanner.LEAST_GRACE;
            host.runtime().stopContainer(stop.containerId(), left.compareTo(least) < 0 ? least : left);
            memory.succeeded(Stage.STOP, stop.container());
        } catch (NodeException failure) {
            memory.failed(Stage.STOP, stop.container(), failure, host.clock().instant());
            host.events().warning(pod, stop.container(), "FailedKillPod", failure.getMessage());
        } finally {
            memory.endStop(stop.containerId());
            wake.run();
        }
    }

    boolean remove(DesiredPod pod, PodAction.RemoveContainer old) {
        try {
            host.runtime().removeContainer(old.containerId());
            deleteLogs(old.logFile());
        } catch (NodeException | IOException failure) {
            LOG.log(
                    Level.WARNING,
                    "old run not removed pod={0} container={1} reason=\"{2}\"",
                    pod.key(),
                    old.containerId(),
                    failure.getMessage());
        }
        return true;
    }

    /** The log and what rotation made of it: {@code 3.log}, {@code 3.log.1} and so on. */
    private static void deleteLogs(Path log) throws IOException {
        int index = 0;
        boolean more = true;
        while (more) {
            Path file = index == 0 ? log : log.resolveSibling(log.getFileName() + "." + index);
            more = Files.deleteIfExists(file) || index == 0;
            index++;
        }
    }

    private void fail(DesiredPod pod, DesiredContainer container, Stage stage, NodeException failure) {
        Failure filed =
                memory.failed(stage, container.name(), failure, host.clock().instant());
        host.events().warning(pod, container.name(), "Failed", "Error: " + failure.getMessage());
        log(pod, container.name(), filed);
    }

    private void fail(DesiredPod pod, DesiredImage image, NodeException failure) {
        // By image, as the kubelet's back-off is: a corrected name is not made to wait for the wrong one.
        Failure filed = memory.failed(
                Stage.IMAGE, image.reference(), failure, host.clock().instant());
        images.failed(pod, image, failure);
        log(pod, image.subject(), filed);
    }

    private static void log(DesiredPod pod, String subject, Failure filed) {
        LOG.log(
                Level.WARNING,
                "container step failed pod={0} container={1} stage={2} attempt={3} reason={4} message=\"{5}\"",
                pod.key(),
                subject,
                filed.stage(),
                filed.count(),
                filed.reason(),
                filed.message());
    }
}
