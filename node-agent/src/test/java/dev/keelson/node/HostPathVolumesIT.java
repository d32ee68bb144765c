package dev.keelson.node;

import static dev.keelson.node.NodeFixture.shell;
import static dev.keelson.node.VolumePods.hostPath;
import static dev.keelson.node.VolumePods.mounted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.keelson.linux.Mounts;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of the host in pods, on the real kernel. Needs root. */
class HostPathVolumesIT {
    @TempDir
    static Path directory;

    private static NodeFixture node;
    private static VolumePods pods;
    private static Path host;

    @BeforeAll
    static void start() throws Exception {
        host = Files.createDirectory(directory.resolve("host"));
        node = new NodeFixture(directory, "it-paths", 28);
        pods = new VolumePods(node);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void hostPathsAreMadeOrCheckedByType() throws IOException {
        Path socket = host.resolve("socket");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Files.writeString(host.resolve("file"), "of the host\n");
            node.create(pods.pod(
                    "paths",
                    mounted(
                            shell(
                                    "main",
                                    "cd /v; cat file; echo made > newdir/by; echo made > newfile; stat -c '%n %F' *;"
                                            + " stat -c %u file newdir; cat char"),
                            "newdir",
                            "newfile",
                            "file",
                            "sock",
                            "char",
                            "dir",
                            "any"),
                    hostPath("newdir", host.resolve("made/deep"), "DirectoryOrCreate"),
                    hostPath("newfile", host.resolve("made-file"), "FileOrCreate"),
                    hostPath("file", host.resolve("file"), "File"),
                    hostPath("sock", socket, "Socket"),
                    hostPath("char", Path.of("/dev/zero"), "CharDevice"),
                    hostPath("dir", host, "Directory"),
                    hostPath("any", host, "")));
            node.awaitPhase("paths", "Failed");
        }
        assertThat(node.log("paths", "main"))
                .startsWith("of the host\n")
                .contains("char character special file\n", "newdir directory\n", "newfile regular file\n")
                .contains("sock socket\n", "\n0\n0\n")
                .as("devices of the host stay closed to unprivileged containers")
                .contains("can't open 'char': Permission denied");
        assertThat(host.resolve("made/deep/by")).hasContent("made");
        assertThat(host.resolve("made-file")).hasContent("made");
    }

    @Test
    void blockDevicesAreShownAndStayClosed() throws IOException {
        Optional<Path> disk = blockDevice();
        assumeThat(disk).as("a block device of this machine").isPresent();
        node.create(pods.pod(
                "disk",
                mounted(shell("main", "stat -c %F /v/disk; head -c 1 /v/disk"), "disk"),
                hostPath("disk", disk.get(), "BlockDevice")));
        node.awaitPhase("disk", "Failed");
        assertThat(node.log("disk", "main")).startsWith("block special file\n").contains("Permission denied");
    }

    private static Optional<Path> blockDevice() throws IOException {
        try (Stream<Path> devices = Files.list(Path.of("/sys/class/block"))) {
            return devices.map(device -> Path.of("/dev").resolve(device.getFileName()))
                    .filter(Files::exists)
                    .findFirst();
        }
    }

    @Test
    void hostPathsOfTheWrongTypeAreNamed() throws IOException {
        Files.writeString(host.resolve("plain"), "");
        refused("p1", hostPath("v", host.resolve("plain"), "Directory"), "plain is not a directory");
        refused("p2", hostPath("v", host, "File"), "host is not a file");
        refused("p3", hostPath("v", host.resolve("plain"), "Socket"), "plain is not a socket");
        refused("p4", hostPath("v", host.resolve("plain"), "CharDevice"), "plain is not a character device");
        refused("p5", hostPath("v", host.resolve("plain"), "BlockDevice"), "plain is not a block device");
        refused("p6", hostPath("v", host.resolve("missing"), ""), "missing does not exist");
    }

    private static void refused(String name, Volume volume, String why) {
        node.create(pods.pod(name, mounted(shell("main", "true"), volume.getName()), volume));
        node.awaitEvent(name, why);
        node.delete(name);
    }

    @Test
    void mountsArePassedOnOnlyAsAsked() throws IOException {
        Path shared = Files.createDirectory(host.resolve("shared"));
        Mounts.mount("tmpfs", shared, 0, "size=1m");
        try {
            node.create(bothWays(pods.pod("not-shared", shell("main", "true"), hostPath("v", shared, ""))));
            node.await("not-shared", "refused", pod -> waitingFor(pod, "is private"));
            node.delete("not-shared");
            Mounts.share(shared);
            node.create(pods.pod(
                    "propagate",
                    shell(
                                    "main",
                                    "until [ -e /from/late/file ]; do sleep 0.02; done; cat /from/late/file; ls /none/late")
                            .addToVolumeMounts(
                                    new VolumeMountBuilder()
                                            .withName("v")
                                            .withMountPath("/from")
                                            .withMountPropagation("HostToContainer")
                                            .build(),
                                    new VolumeMountBuilder()
                                            .withName("v")
                                            .withMountPath("/none")
                                            .build()),
                    hostPath("v", shared, "")));
            node.await("propagate", "running", pod -> "Running"
                    .equals(pod.getStatus().getPhase()));
            Path late = Files.createDirectory(shared.resolve("late"));
            Path hidden = Files.createDirectory(host.resolve("hidden"));
            Files.writeString(hidden.resolve("file"), "from the host\n");
            Mounts.bind(hidden, late, false);
            node.awaitPhase("propagate", "Succeeded");
            assertThat(node.log("propagate", "main")).isEqualTo("from the host\n");
            node.create(bothWays(pods.pod(
                    "both",
                    shell("main", "mkdir /v/up && mount -t tmpfs x /v/up && echo up > /v/up/file; sleep 1000"),
                    hostPath("v", shared, ""))));
            Deadline.await(
                    "mount of the container on the host",
                    Duration.ofSeconds(30),
                    () -> Files.exists(shared.resolve("up/file")));
            node.delete("both");
            node.awaitGone("both");
        } finally {
            Mounts.below(shared).forEach(Mounts::unmount);
        }
    }

    private static PodBuilder bothWays(PodBuilder pod) {
        return pod.editSpec()
                .editFirstContainer()
                .withNewSecurityContext()
                .withPrivileged(true)
                .endSecurityContext()
                .addToVolumeMounts(new VolumeMountBuilder()
                        .withName("v")
                        .withMountPath("/v")
                        .withMountPropagation("Bidirectional")
                        .build())
                .endContainer()
                .endSpec();
    }

    private static boolean waitingFor(Pod pod, String why) {
        return Optional.ofNullable(pod.getStatus())
                .flatMap(_ -> NodeFixture.find(pod, "main"))
                .map(status -> status.getState().getWaiting())
                .map(ContainerStateWaiting::getMessage)
                .filter(message -> message.contains(why))
                .isPresent();
    }

    @Test
    void readOnlyReachesAllMountsBelowUnlessDisabled() throws IOException {
        Path top = Files.createDirectories(host.resolve("tree/below")).getParent();
        Mounts.mount("tmpfs", top.resolve("below"), 0, "size=1m");
        try {
            node.create(pods.pod(
                    "readonly",
                    shell("main", "for d in all this; do touch /$d/x; touch /$d/below/$d; done; ls /this/below")
                            .addToVolumeMounts(
                                    new VolumeMountBuilder()
                                            .withName("v")
                                            .withMountPath("/all")
                                            .withReadOnly(true)
                                            .build(),
                                    new VolumeMountBuilder()
                                            .withName("v")
                                            .withMountPath("/this")
                                            .withReadOnly(true)
                                            .withRecursiveReadOnly("Disabled")
                                            .build()),
                    hostPath("v", top, "")));
            node.awaitPhase("readonly", "Succeeded");
            assertThat(node.log("readonly", "main"))
                    .contains("/all/x: Read-only", "/all/below/all: Read-only", "/this/x: Read-only")
                    .endsWith("this\n");
        } finally {
            Mounts.unmount(top.resolve("below"));
        }
    }
}
