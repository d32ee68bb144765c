package dev.keelson.node.volume;

import dev.keelson.linux.Hugepages;
import dev.keelson.node.NodeException;
import dev.keelson.node.container.PodGroups;
import dev.keelson.node.container.PodIds;
import dev.keelson.node.objects.ReferencedObjects;
import dev.keelson.node.pod.PodVolumes;
import dev.keelson.node.pod.spec.DesiredContainer;
import dev.keelson.node.pod.spec.DesiredPod;
import dev.keelson.node.runtime.ContainerStatus;
import dev.keelson.node.runtime.PodSandbox;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** {@link PodVolumes} on this node's disk, one plugin per type of volume. */
public final class NodePodVolumes implements PodVolumes {
    private static final Logger LOG = System.getLogger(NodePodVolumes.class.getName());

    private final PodDirectories directories;
    private final ReferencedObjects objects;
    private final TmpfsMounter mounter;
    private final MemoryFiles memory;
    private final PodFiles files;
    private final Supplier<String> clusterDns;
    private final Payloads payloads;
    private final List<VolumePlugin> plugins;

    /**
     * @param clusterDns address of the cluster's resolver; empty while there is none
     * @param hostIp address of the node
     * @param allocatable what the node offers to pods
     * @param images where the images of {@code image} volumes come from
     */
    public NodePodVolumes(
            PodDirectories directories,
            ReferencedObjects objects,
            TmpfsMounter mounter,
            String clusterDomain,
            Supplier<String> clusterDns,
            String hostIp,
            Map<String, Quantity> allocatable,
            VolumeImages images) {
        this.directories = directories;
        this.objects = objects;
        this.mounter = mounter;
        this.memory = new MemoryFiles(directories, mounter);
        this.files = new PodFiles(clusterDomain);
        this.clusterDns = clusterDns;
        this.payloads = new Payloads(objects, hostIp, allocatable);
        this.plugins = List.of(
                new EmptyDirPlugin(mounter, Hugepages::pools),
                new PayloadPlugin(payloads),
                new HostPathPlugin(),
                new ImagePlugin(directories, images));
    }

    public ContainerMounts containerMounts() {
        return new ContainerMounts(directories, plugins);
    }

    /** A failure here is none: mounting tries again and reports it. */
    @Override
    public void prepare(DesiredPod pod) {
        try {
            pod.object().getSpec().getVolumes().forEach(volume -> payloads.prepare(pod, volume));
        } catch (NodeException later) {
            LOG.log(Level.DEBUG, "not prepared pod={0} reason=\"{1}\"", pod.key(), later.getMessage());
        }
    }

    @Override
    public void mount(DesiredPod pod, PodSandbox sandbox, List<String> podIps) {
        PodIds.wrongFsGroup(pod, sandbox).ifPresent(why -> {
            throw failed(pod, why, NodeException.Kind.INVALID);
        });
        Ownership owner = Ownership.of(sandbox.rootUid(), PodGroups.fsGroup(pod));
        try {
            memory.open(pod.uid());
        } catch (IOException failure) {
            throw failed(pod, "cannot mount a tmpfs for the pods' files: " + failure, NodeException.Kind.TRANSIENT);
        }
        for (Volume volume : pod.object().getSpec().getVolumes()) {
            setUp(pod, volume, owner, podIps);
        }
        try {
            writeOwnFiles(pod, podIps, Ownership.of(sandbox.rootUid(), java.util.OptionalInt.empty()));
        } catch (IOException failure) {
            throw failed(pod, "cannot write the pod's /etc files: " + failure, NodeException.Kind.TRANSIENT);
        }
    }

    private void setUp(DesiredPod pod, Volume volume, Ownership owner, List<String> podIps) {
        try {
            VolumePlugin plugin = plugin(volume);
            Path directory = plugin.directory(directories, pod.uid(), volume.getName());
            plugin.setUp(new VolumePlugin.Setup(pod, volume, directory, owner, podIps));
        } catch (VolumeProblem problem) {
            throw failed(
                    pod,
                    setupFailed(volume, problem.getMessage()),
                    problem.permanent() ? NodeException.Kind.INVALID : NodeException.Kind.TRANSIENT);
        } catch (NodeException problem) {
            throw volume.getImage() == null
                    ? failed(pod, setupFailed(volume, problem.getMessage()), problem.kind())
                    : new NodeException(
                            problem.kind(), problem.reason(), setupFailed(volume, problem.getMessage()), problem);
        } catch (IOException problem) {
            throw failed(pod, setupFailed(volume, problem.toString()), NodeException.Kind.TRANSIENT);
        }
    }

    private static String setupFailed(Volume volume, String why) {
        return "MountVolume.SetUp failed for volume \"%s\": %s".formatted(volume.getName(), why);
    }

    private VolumePlugin plugin(Volume volume) {
        return plugins.stream()
                .filter(candidate -> candidate.handles(volume))
                .findFirst()
                .orElseThrow(() -> new VolumeProblem("its type is not supported; supported are emptyDir, configMap, "
                        + "secret, downwardAPI, projected, hostPath, image"));
    }

    private void writeOwnFiles(DesiredPod pod, List<String> podIps, Ownership owner) throws IOException {
        Files.createDirectories(directories.file(pod.uid(), "hosts").getParent());
        writeOwn(pod, podIps, "hostname", files.hostname(pod), owner);
        writeOwn(
                pod, podIps, "hosts", files.hosts(pod, podIps, pod.hostNetwork() ? readHost("/etc/hosts") : ""), owner);
        writeOwn(
                pod,
                podIps,
                "resolv.conf",
                files.resolvConf(pod, clusterDns.get(), readHost("/etc/resolv.conf")),
                owner);
    }

    private static String readHost(String path) throws IOException {
        Path file = Path.of(path);
        return Files.isReadable(file) ? Files.readString(file) : "";
    }

    private void writeOwn(DesiredPod pod, List<String> podIps, String name, String text, Ownership owner)
            throws IOException {
        Path file = directories.file(pod.uid(), name);
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        boolean stale = name.equals("hosts")
                && Files.exists(file)
                && !podIps.stream().allMatch(Files.readString(file)::contains);
        if (Files.exists(file) && !stale) {
            // Running containers have this very file mounted, and may have changed it: it stays theirs.
            return;
        }
        Path fresh = file.resolveSibling(name + ".new");
        Files.write(fresh, content);
        owner.give(fresh);
        Ownership.setMode(fresh, 0644);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public String version(DesiredPod pod) {
        boolean fromFields = pod.object().getSpec().getVolumes().stream()
                .anyMatch(volume -> volume.getDownwardAPI() != null || volume.getProjected() != null);
        String fields = fromFields
                ? pod.object().getMetadata().getLabels() + ""
                        + pod.object().getMetadata().getAnnotations()
                : "";
        return objects.version(pod.uid()) + fields;
    }

    @Override
    public String terminationMessage(DesiredContainer container, ContainerStatus run) {
        Path file = directories.terminationLog(run.podUid(), run.name(), run.attempt());
        boolean failed = run.exit().map(exit -> exit.code() != 0).orElse(false);
        boolean logs = "FallbackToLogsOnError".equals(container.spec().getTerminationMessagePolicy());
        return TerminationText.read(file, failed && logs ? Optional.of(run.logFile()) : Optional.empty());
    }

    @Override
    public Set<String> imagesChosen(String podUid) {
        return ImagePlugin.chosen(directories, podUid);
    }

    @Override
    public boolean holds(String podUid) {
        return Files.isDirectory(directories.pod(podUid).resolve("volumes"))
                || Files.isDirectory(directories.memory(podUid));
    }

    @Override
    public void unmount(String podUid) {
        Path volumes = directories.pod(podUid).resolve("volumes");
        try {
            mounter.unmountBelow(volumes);
            AtomicWriter.deleteTree(directories.images(podUid));
            memory.close(podUid);
            AtomicWriter.deleteTree(volumes);
        } catch (IOException failure) {
            throw new NodeException(
                    NodeException.Kind.TRANSIENT,
                    "FailedUnMount",
                    "cannot remove volumes of pod " + podUid + ": " + failure,
                    failure);
        }
        objects.release(podUid);
    }

    @Override
    public void forget(String podUid, String namespace, String name) {
        unmount(podUid);
        try {
            AtomicWriter.deleteTree(directories.pod(podUid));
            AtomicWriter.deleteTree(directories.logs(podUid, namespace, name));
        } catch (IOException failure) {
            throw new NodeException(
                    NodeException.Kind.TRANSIENT,
                    "FailedKillPod",
                    "cannot remove files of pod " + podUid + ": " + failure,
                    failure);
        }
    }

    /** Ids of the images that volumes of this node's pods are made of. */
    public static Set<String> imagesInUse(PodDirectories directories) {
        return ImagePlugin.inUse(directories);
    }

    @Override
    public List<String> known() {
        return directories.known();
    }

    private static NodeException failed(DesiredPod pod, String message, NodeException.Kind kind) {
        return new NodeException(kind, "FailedMount", message + " (pod " + pod.key() + ")");
    }
}
