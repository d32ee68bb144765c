package dev.keelson.node.pod;

import dev.keelson.node.NodeException;
import dev.keelson.node.network.NetworkSandbox;
import dev.keelson.node.pod.plan.Failure;
import dev.keelson.node.pod.plan.PodAction;
import dev.keelson.node.pod.plan.PodObserved;
import dev.keelson.node.pod.plan.Resize;
import dev.keelson.node.pod.plan.Stage;
import dev.keelson.node.pod.spec.DesiredImage;
import dev.keelson.node.pod.spec.DesiredPod;
import dev.keelson.node.runtime.PodSandbox;
import dev.keelson.node.runtime.Resources;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Carries out a plan, step by step. A step that fails is filed in the memory; the next plan takes it from there. */
final class PodExecutor {
    private static final Logger LOG = System.getLogger(PodExecutor.class.getName());

    private final PodHost host;
    private final PodMemory memory;
    private final ContainerExecutor containers;
    private final Resizer resizer;
    private final ImageNews images;
    private final Runnable wake;
    private boolean forgotten;

    PodExecutor(PodHost host, PodMemory memory, ImageNews images, Runnable wake) {
        this.host = host;
        this.memory = memory;
        this.images = images;
        this.wake = wake;
        this.containers = new ContainerExecutor(host, memory, images, wake, this::connected);
        this.resizer = new Resizer(host, memory);
    }

    /** Runs the steps in order; a failed step of the whole pod ends the round, one of a container only that step. */
    void execute(DesiredPod pod, PodObserved seen, List<PodAction> actions) {
        for (PodAction action : actions) {
            if (!execute(pod, seen, action, actions)) {
                return;
            }
        }
    }

    boolean forgotten() {
        return forgotten;
    }

    private boolean execute(DesiredPod pod, PodObserved seen, PodAction action, List<PodAction> plan) {
        return switch (action) {
            case PodAction.RunSandbox _ ->
                step(pod, Stage.SANDBOX, "FailedCreatePodSandBox", () -> runSandbox(pod, plan));
            case PodAction.AttachNetwork _ -> step(pod, Stage.NETWORK, "FailedCreatePodSandBox", () -> attach(pod));
            case PodAction.MountVolumes _ -> step(pod, Stage.VOLUMES, "FailedMount", () -> mount(pod));
            case PodAction.StopSandbox _ ->
                step(pod, Stage.CLEANUP, "FailedKillPod", () -> host.runtime().stopPodSandbox(pod.uid()));
            case PodAction.RemoveSandbox _ -> step(pod, Stage.CLEANUP, "FailedKillPod", () -> removeSandbox(pod, seen));
            case PodAction.DetachNetwork _ -> step(pod, Stage.CLEANUP, "FailedKillPod", () -> detach(pod));
            case PodAction.UnmountVolumes _ -> step(pod, Stage.CLEANUP, "FailedUnMount", () -> unmount(pod));
            case PodAction.DeleteFromApi _ -> step(pod, Stage.DELETE, "FailedDelete", () -> finish(pod));
            case PodAction.Forget _ -> step(pod, Stage.CLEANUP, "FailedKillPod", () -> forget(pod));
            case PodAction.Drain(Duration limit) -> drain(pod, limit);
            case PodAction.PullImage(DesiredImage image) -> containers.pull(pod, image);
            case PodAction.StartContainer start -> containers.start(pod, seen, start);
            case PodAction.RunPostStart hook -> containers.postStart(pod, seen, hook);
            case PodAction.StopContainer stop -> containers.stop(pod, seen, stop);
            case PodAction.ResizePod _ -> resizer.resize(pod, seen);
            case PodAction.ResizeContainer resize -> resizer.resize(pod, resize);
            case PodAction.RemoveContainer old -> containers.remove(pod, old);
        };
    }

    private boolean drain(DesiredPod pod, Duration limit) {
        List<String> addresses = memory.podIps();
        memory.drain(PodObserved.Drain.UNDER_WAY);
        host.background().execute(() -> {
            try {
                addresses.forEach(address -> host.network().drain(pod.uid(), address, limit));
            } catch (NodeException failure) {
                // The rules could not be asked; waiting longer would not tell more.
                LOG.log(Level.WARNING, "not drained pod={0} reason=\"{1}\"", pod.key(), failure.getMessage());
            } finally {
                memory.drain(PodObserved.Drain.DONE);
                wake.run();
            }
        });
        return true;
    }

    private boolean step(DesiredPod pod, Stage stage, String event, Runnable work) {
        try {
            work.run();
            memory.succeeded(stage, "");
            return true;
        } catch (NodeException failure) {
            memory.failed(stage, "", failure, host.clock().instant());
            if (Failure.concernsImage(failure.reason())) {
                images.failed(pod, failure);
            } else {
                host.events().warning(pod, "", event, failure.getMessage());
            }
            LOG.log(
                    Level.WARNING,
                    "step failed pod={0} stage={1} kind={2} reason=\"{3}\"",
                    pod.key(),
                    stage,
                    failure.kind(),
                    failure.getMessage());
            return false;
        }
    }

    private void runSandbox(DesiredPod pod, List<PodAction> plan) {
        host.background().execute(() -> host.volumes().prepare(pod));
        host.runtime().runPodSandbox(host.configs().sandbox(pod), () -> goAhead(pod, plan));
        Resize.wantedOfPod(pod).ifPresent(given -> memory.applied(pod.uid(), given));
    }

    /** Does what the next steps need of this machine while the kernel makes the sandbox. Whatever fails, they do and tell. */
    private void goAhead(DesiredPod pod, List<PodAction> plan) {
        try {
            if (plan.stream().anyMatch(PodAction.AttachNetwork.class::isInstance)) {
                host.network()
                        .sandboxes()
                        .ifPresent(
                                network -> network.reserve(pod.uid(), pod.namespace(), pod.name(), HostPorts.of(pod)));
            }
            plan.stream()
                    .filter(PodAction.StartContainer.class::isInstance)
                    .map(PodAction.StartContainer.class::cast)
                    .findFirst()
                    .ifPresent(start -> expect(pod, start));
        } catch (NodeException failure) {
            LOG.log(Level.DEBUG, "not done ahead pod={0} reason=\"{1}\"", pod.key(), failure.getMessage());
        }
    }

    private void expect(DesiredPod pod, PodAction.StartContainer start) {
        Resources limits = host.configs().limits(pod, start.container());
        host.runtime().expectContainer(pod.uid(), start.container().name(), start.attempt(), limits);
    }

    private void attach(DesiredPod pod) {
        NetworkSandbox network = host.network()
                .sandboxes()
                .orElseThrow(() -> new NodeException(
                        NodeException.Kind.TRANSIENT, "NetworkNotReady", "the node's network is not up yet"));
        PodSandbox sandbox = sandbox(pod);
        memory.attached(network.attach(new NetworkSandbox.PodAttachment(
                        pod.uid(), pod.namespace(), pod.name(), sandbox.networkNamespace(), HostPorts.of(pod)))
                .podIps());
    }

    /** Waits until the pod is on the network, which it came to while its containers were made. */
    private boolean connected(DesiredPod pod) {
        return step(pod, Stage.NETWORK, "FailedCreatePodSandBox", () -> {
            try {
                host.network().sandboxes().ifPresent(network -> network.awaitAttached(pod.uid()));
            } catch (NodeException failure) {
                memory.attached(List.of()); // The next plan attaches it again.
                throw failure;
            }
        });
    }

    private void mount(DesiredPod pod) {
        List<String> podIps = pod.hostNetwork() ? List.of(host.network().nodeIp()) : memory.podIps();
        // An object that changes while files are brought up to date must not count as written. What a first mount is
        // made of
        // is known only afterwards.
        Optional<String> before = memory.volumes().map(_ -> host.volumes().version(pod));
        List<DesiredImage> found = foundImages(pod);
        host.volumes().mount(pod, sandbox(pod), podIps);
        found.forEach(image -> images.present(pod, image));
        pod.volumeImages().forEach(image -> memory.succeeded(Stage.IMAGE, image.reference()));
        memory.mounted(Optional.of(before.orElseGet(() -> host.volumes().version(pod))));
    }

    /** Images of volumes that are not made of them yet and that nobody had to fetch. */
    private List<DesiredImage> foundImages(DesiredPod pod) {
        List<DesiredImage> found = pod.volumeImages()
                .filter(image -> !memory.pulled().contains(image.subject()))
                .toList();
        Set<String> chosen = found.isEmpty() ? Set.of() : host.volumes().imagesChosen(pod.uid());
        return found.stream().filter(image -> !chosen.contains(image.name())).toList();
    }

    private PodSandbox sandbox(DesiredPod pod) {
        Optional<PodSandbox> sandbox = host.runtime().listPodSandboxes().stream()
                .filter(found -> found.uid().equals(pod.uid()))
                .findFirst();
        return sandbox.orElseThrow(() -> new NodeException(
                NodeException.Kind.TRANSIENT, "SandboxGone", "the sandbox of pod " + pod.key() + " is gone"));
    }

    private void detach(DesiredPod pod) {
        host.network().sandboxes().ifPresent(network -> network.detach(pod.uid()));
        memory.attached(List.of());
    }

    private void unmount(DesiredPod pod) {
        memory.mounted(Optional.empty());
        host.volumes().unmount(pod.uid());
    }

    private void removeSandbox(DesiredPod pod, PodObserved seen) {
        if (seen.sandboxReady()) {
            host.runtime().stopPodSandbox(pod.uid());
        }
        host.runtime().removePodSandbox(pod.uid());
        memory.sandboxRemoved(seen.containers());
    }

    private void finish(DesiredPod pod) {
        Instant now = host.clock().instant();
        host.reporter().finish(pod, new PodObserver(host, memory).observe(pod), now);
        memory.deletedFromApi();
    }

    private void forget(DesiredPod pod) {
        host.volumes().forget(pod.uid(), pod.namespace(), pod.name());
        host.network().forget(pod.uid());
        host.probes().retain(pod.uid(), List.of());
        host.reporter().forget(pod.uid());
        forgotten = true;
    }
}
