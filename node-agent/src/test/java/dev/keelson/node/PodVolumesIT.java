package dev.keelson.node;

import static dev.keelson.node.NodeFixture.shell;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.crds.client.PatchType;
import dev.keelson.crds.model.ResourceType;
import dev.keelson.linux.Mounts;
import dev.keelson.node.volume.KernelMounter;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Volumes as containers see them, on the real kernel. Needs root. */
class PodVolumesIT {
    @TempDir
    static Path directory;

    private static NodeFixture node;
    private static Path host;

    @BeforeAll
    static void start() throws Exception {
        host = Files.createDirectory(directory.resolve("host"));
        node = new NodeFixture(directory, "it-volumes", 24);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void filesOfObjectsHaveTheirModesAndFollowTheirObjectsInARunningContainer() {
        configMap("palette", Map.of("color", "red", "shape", "round", "size", "9"));
        node.api.create(
                ResourceType.SECRETS,
                new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace(NodeFixture.NAMESPACE)
                        .withName("door")
                        .endMetadata()
                        .addToData("code", "NDIzMQ==")
                        .build());
        PodBuilder pod = pod(
                "objects",
                mounted(
                        shell(
                                "main",
                                "cd /v; cat map/sub/color.txt all/projected/code all/label plain/shape; stat -Lc '%n %a'"
                                        + " map/sub/color.txt plain/shape secret/code all/projected/code all/label; ls gone;"
                                        + " touch map/x; until grep blue map/sub/color.txt; do sleep 0.05; done;"
                                        + " until grep back all/label; do sleep 0.05; done; cat all/color"),
                        "map",
                        "plain",
                        "secret",
                        "all",
                        "gone"),
                new VolumeBuilder()
                        .withName("map")
                        .withNewConfigMap()
                        .withName("palette")
                        .withItems(new KeyToPath("color", 0400, "sub/color.txt"))
                        .endConfigMap()
                        .build(),
                new VolumeBuilder()
                        .withName("plain")
                        .withNewConfigMap()
                        .withName("palette")
                        .withDefaultMode(0440)
                        .endConfigMap()
                        .build(),
                new VolumeBuilder()
                        .withName("secret")
                        .withNewSecret()
                        .withSecretName("door")
                        .endSecret()
                        .build(),
                new VolumeBuilder()
                        .withName("gone")
                        .withNewConfigMap()
                        .withName("nowhere")
                        .withOptional(true)
                        .endConfigMap()
                        .build(),
                new VolumeBuilder()
                        .withName("all")
                        .withNewProjected()
                        .withDefaultMode(0444)
                        .addNewSource()
                        .withNewConfigMap()
                        .withName("palette")
                        .endConfigMap()
                        .endSource()
                        .addNewSource()
                        .withNewSecret()
                        .withName("door")
                        .withItems(new KeyToPath("code", 0600, "projected/code"))
                        .endSecret()
                        .endSource()
                        .addNewSource()
                        .withNewDownwardAPI()
                        .addNewItem()
                        .withPath("label")
                        .withNewFieldRef("v1", "metadata.labels['tier']")
                        .endItem()
                        .endDownwardAPI()
                        .endSource()
                        .endProjected()
                        .build());
        node.create(pod.editMetadata().addToLabels("tier", "front").endMetadata());
        node.awaitLog("objects", "main", "Read-only file system");
        node.api.patch(
                ResourceType.CONFIG_MAPS,
                NodeFixture.NAMESPACE,
                "palette",
                "",
                PatchType.MERGE,
                "{\"data\":{\"color\":\"blue\"}}".getBytes(StandardCharsets.UTF_8));
        node.api.patch(
                ResourceType.PODS,
                NodeFixture.NAMESPACE,
                "objects",
                "",
                PatchType.MERGE,
                "{\"metadata\":{\"labels\":{\"tier\":\"back\"}}}".getBytes(StandardCharsets.UTF_8));
        node.awaitPhase("objects", "Succeeded");
        assertThat(node.log("objects", "main"))
                .startsWith("red4231frontround")
                .contains("map/sub/color.txt 400\n", "plain/shape 440\n", "secret/code 644\n")
                .contains("all/projected/code 600\n", "all/label 444\n")
                .endsWith("blue\nback\nblue");
    }

    @Test
    void aMissingObjectHoldsThePodUpUntilItIsThere() {
        node.create(pod(
                "late",
                mounted(shell("main", "cat /v/late/key"), "late"),
                new VolumeBuilder()
                        .withName("late")
                        .withNewConfigMap()
                        .withName("tardy")
                        .endConfigMap()
                        .build()));
        node.awaitEvent("late", "MountVolume.SetUp failed for volume \"late\": configmap \"tardy\" not found");
        configMap("tardy", Map.of("key", "here"));
        node.awaitPhase("late", "Succeeded");
        assertThat(node.log("late", "main")).isEqualTo("here");
    }

    @Test
    void tokensAreReadableByThePodsGroup() {
        node.api.create(
                ResourceType.SERVICE_ACCOUNTS,
                new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withNamespace(NodeFixture.NAMESPACE)
                        .withName("default")
                        .endMetadata()
                        .build());
        node.create(withFsGroup(pod(
                "token",
                mounted(shell("main", "id -G; cat /v/token/token; stat -Lc ' %a %u %g' /v/token/token"), "token"),
                new VolumeBuilder()
                        .withName("token")
                        .withNewProjected()
                        .addNewSource()
                        .withNewServiceAccountToken("", 3600L, "token")
                        .endSource()
                        .withDefaultMode(0400)
                        .endProjected()
                        .build())));
        node.awaitPhase("token", "Succeeded");
        assertThat(node.log("token", "main"))
                .startsWith("1000 4000 7000\ntoken of shop/default for ")
                .endsWith(" 440 0 7000\n");
    }

    private static PodBuilder withFsGroup(PodBuilder pod) {
        return pod.editSpec()
                .withNewSecurityContext()
                .withRunAsUser(1000L)
                .withFsGroup(7000L)
                .withSupplementalGroups(4000L)
                .endSecurityContext()
                .endSpec();
    }

    @Test
    void emptyDirectoriesAreSharedSizedAndBelongToTheGroup() {
        node.create(withFsGroup(pod(
                        "empty",
                        mounted(
                                shell(
                                        "main",
                                        "until [ -e /v/disk/hello ]; do sleep 0.02; done; cat /v/disk/hello;"
                                                + " stat -c '%a %g' /v/disk; stat -c %g /v/disk/hello; grep /v/memory"
                                                + " /proc/mounts; dd if=/dev/zero of=/v/memory/x bs=1M count=3"),
                                "disk",
                                "memory"),
                        empty("disk", "", ""),
                        empty("memory", "Memory", "2Mi"))
                .editSpec()
                .addToContainers(mounted(shell("other", "echo hello > /v/disk/hello"), "disk")
                        .build())
                .endSpec()));
        node.awaitPhase("empty", "Failed");
        assertThat(node.log("empty", "main"))
                .startsWith("hello\n2777 7000\n7000\n")
                .contains("tmpfs", "size=2048k", "No space left on device");
        Path volumes =
                directory.resolve("node/pods/" + node.get("empty").getMetadata().getUid() + "/volumes");
        Deadline.await("volumes gone", java.time.Duration.ofSeconds(20), () -> !Files.exists(volumes));
        assertThat(Mounts.below(volumes)).isEmpty();
    }

    /** Mounting needs no page; what a machine without a pool says is in the unit tests. */
    @Test
    void hugePagesAreAFileSystemOfTheirOwn() throws IOException {
        Path target = Files.createDirectory(directory.resolve("huge"));
        KernelMounter mounter = new KernelMounter();
        mounter.mountHugePages(target, 2 << 20, 8 << 20);
        try {
            assertThat(Files.readAllLines(Path.of("/proc/mounts"))).anySatisfy(line -> assertThat(line)
                    .contains(target.toString(), "hugetlbfs", "nosuid", "nodev", "pagesize=2M", "size=8388608"));
        } finally {
            mounter.unmount(target);
        }
        node.create(pod("huge", mounted(shell("main", "true"), "pages"), empty("pages", "HugePages-2Mi", "")));
        node.awaitEvent("huge", "needs a container with a limit of hugepages-2Mi");
        node.delete("huge");
    }

    @Test
    void hostPathsAreMadeOrCheckedByType() throws IOException {
        Path socket = host.resolve("socket");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Files.writeString(host.resolve("file"), "of the host\n");
            node.create(pod(
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
        node.create(pod(name, mounted(shell("main", "true"), volume.getName()), volume));
        node.awaitEvent(name, why);
        node.delete(name);
    }

    @Test
    void subPathsAreMadeAndStayInTheVolume() {
        configMap("conf", Map.of("app.conf", "listen 80"));
        node.create(pod(
                        "subpaths",
                        shell(
                                        "main",
                                        "cat /etc/app.conf; echo; echo mine > /logs/x; cat /all/pods/subpaths/x; cat /inner/y;"
                                                + " stat -c %a /logs")
                                .withEnv(new io.fabric8.kubernetes.api.model.EnvVarBuilder()
                                        .withName("NAME")
                                        .withValue("subpaths")
                                        .build())
                                .addToVolumeMounts(
                                        new VolumeMountBuilder()
                                                .withName("conf")
                                                .withMountPath("/etc/app.conf")
                                                .withSubPath("app.conf")
                                                .build(),
                                        new VolumeMountBuilder()
                                                .withName("data")
                                                .withMountPath("/logs")
                                                .withSubPathExpr("pods/$(NAME)")
                                                .build(),
                                        new VolumeMountBuilder()
                                                .withName("data")
                                                .withMountPath("/inner")
                                                .withSubPath("link")
                                                .build(),
                                        new VolumeMountBuilder()
                                                .withName("data")
                                                .withMountPath("/all")
                                                .build()),
                        new VolumeBuilder()
                                .withName("conf")
                                .withNewConfigMap()
                                .withName("conf")
                                .endConfigMap()
                                .build(),
                        empty("data", "", ""))
                .editSpec()
                .addToInitContainers(
                        mounted(shell("plant", "cd /v/data; mkdir real; echo inside > real/y; ln -s real link"), "data")
                                .build())
                .endSpec());
        node.awaitPhase("subpaths", "Succeeded");
        assertThat(node.log("subpaths", "main")).isEqualTo("listen 80\nmine\ninside\n777\n");
    }

    @Test
    void subPathsThatLeadOutAreRefused() {
        outside("sub-up", "a/../../x", "must not contain '..'");
        outside("sub-abs", "/etc", "must be relative");
        outside("sub-link", "out", "cannot open \"out\" beneath");
        outside("sub-deep", "out/etc", "out");
        node.create(pod(
                "sub-expr",
                shell("main", "true")
                        .addToVolumeMounts(new VolumeMountBuilder()
                                .withName("data")
                                .withMountPath("/x")
                                .withSubPathExpr("$(NOBODY)")
                                .build()),
                empty("data", "", "")));
        awaitWaiting("sub-expr", "its subPathExpr uses NOBODY");
        node.delete("sub-expr");
    }

    private static void outside(String name, String subPath, String why) {
        node.create(pod(
                        name,
                        shell("main", "ls /x")
                                .addToVolumeMounts(new VolumeMountBuilder()
                                        .withName("data")
                                        .withMountPath("/x")
                                        .withSubPath(subPath)
                                        .build()),
                        empty("data", "", ""))
                .editSpec()
                .addToInitContainers(mounted(shell("plant", "ln -s ../../../../.. /v/data/out"), "data")
                        .build())
                .endSpec());
        awaitWaiting(name, why);
        node.delete(name);
    }

    private static void awaitWaiting(String name, String why) {
        node.await(name, "refused subPath", pod -> Optional.ofNullable(pod.getStatus())
                .flatMap(_ -> NodeFixture.find(pod, "main"))
                .map(status -> status.getState().getWaiting())
                .filter(waiting -> waiting.getReason().equals("CreateContainerConfigError"))
                .map(ContainerStateWaiting::getMessage)
                .filter(message -> message.contains("subPath") && message.contains(why))
                .isPresent());
    }

    @Test
    void mountsArePassedOnOnlyAsAsked() throws IOException {
        Path shared = Files.createDirectory(host.resolve("shared"));
        Mounts.mount("tmpfs", shared, 0, "size=1m");
        try {
            node.create(bothWays(pod("not-shared", shell("main", "true"), hostPath("v", shared, ""))));
            node.await("not-shared", "refused", pod -> waitingFor(pod, "is private"));
            node.delete("not-shared");
            Mounts.share(shared);
            node.create(pod(
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
            node.create(bothWays(pod(
                    "both",
                    shell("main", "mkdir /v/up && mount -t tmpfs x /v/up && echo up > /v/up/file; sleep 1000"),
                    hostPath("v", shared, ""))));
            Deadline.await(
                    "mount of the container on the host",
                    java.time.Duration.ofSeconds(30),
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

    private static boolean waitingFor(io.fabric8.kubernetes.api.model.Pod pod, String why) {
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
            node.create(pod(
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

    @Test
    void imagesAreVolumesThatCannotBeChangedOrExecuted() {
        node.create(pod(
                "image",
                shell("main", "cat /img/etc/group /accounts/passwd; touch /img/x; /img/bin/busybox true")
                        .addToVolumeMounts(
                                new VolumeMountBuilder()
                                        .withName("img")
                                        .withMountPath("/img")
                                        .build(),
                                new VolumeMountBuilder()
                                        .withName("img")
                                        .withMountPath("/accounts")
                                        .withSubPath("etc")
                                        .build()),
                image("img", BusyboxImage.NAME)));
        node.awaitPhase("image", "Failed");
        assertThat(node.log("image", "main"))
                .startsWith("root:x:0:\nbob:x:1000:\nroot:x:0:0:")
                .contains("/img/x: Read-only file system", "/img/bin/busybox: Permission denied");
        node.create(pod("no-image", mounted(shell("main", "true"), "img"), image("img", "it.keelson.dev/none:1")));
        node.awaitEvent("no-image", "image \"it.keelson.dev/none:1\" is not present with pull policy of Never");
        node.await("no-image", "told by the container", pod -> NodeFixture.find(pod, "main")
                .map(status -> status.getState().getWaiting())
                .filter(waiting -> "ErrImageNeverPull".equals(waiting.getReason()))
                .isPresent());
        node.delete("no-image");
    }

    /** As the conformance suite's empty_dir_wrapper: many volumes beside each other, in several pods at once. */
    @Test
    void fiftyVolumesOfAPodAreAllThere() {
        Volume[] volumes = new Volume[50];
        for (int i = 0; i < volumes.length; i++) {
            String name = "many-" + i;
            configMap(name, Map.of("which", "w" + i + "\n"));
            volumes[i] = new VolumeBuilder()
                    .withName(name)
                    .withNewConfigMap()
                    .withName(name)
                    .endConfigMap()
                    .build();
        }
        Container reader =
                shell("main", "cat /v/many-*/which | sort -u | wc -l").build();
        String[] names = Stream.of(volumes).map(Volume::getName).toArray(String[]::new);
        List<String> pods = List.of("many-a", "many-b", "many-c");
        pods.forEach(name -> node.create(pod(name, mounted(new ContainerBuilder(reader), names), volumes)));
        for (String name : pods) {
            node.awaitPhase(name, "Succeeded");
            assertThat(node.log(name, "main")).isEqualTo("50\n");
        }
    }

    private static Volume image(String name, String reference) {
        return new VolumeBuilder()
                .withName(name)
                .withNewImage("Never", reference)
                .build();
    }

    private static PodBuilder pod(String name, ContainerBuilder container, Volume... volumes) {
        return node.pod(name, container.build()).editSpec().withVolumes(volumes).endSpec();
    }

    /** Mounts each volume on {@code /v/NAME}. */
    private static ContainerBuilder mounted(ContainerBuilder container, String... volumes) {
        for (String volume : volumes) {
            container.addToVolumeMounts(new VolumeMountBuilder()
                    .withName(volume)
                    .withMountPath("/v/" + volume)
                    .build());
        }
        return container;
    }

    private static Volume empty(String name, String medium, String limit) {
        return new VolumeBuilder()
                .withName(name)
                .withEmptyDir(new EmptyDirVolumeSource(medium, limit.isEmpty() ? null : new Quantity(limit)))
                .build();
    }

    private static Volume hostPath(String name, Path path, String type) {
        return new VolumeBuilder()
                .withName(name)
                .withNewHostPath(path.toString(), type)
                .build();
    }

    @Test
    void filesOfObjectsAreInMemoryAndClosedToOtherUsersOfTheHost() throws IOException {
        configMap("shade", Map.of("color", "grey"));
        node.create(pod(
                "shaded",
                mounted(shell("main", "exec sleep 600"), "shade"),
                new VolumeBuilder()
                        .withName("shade")
                        .withNewConfigMap()
                        .withName("shade")
                        .endConfigMap()
                        .build()));
        node.awaitPhase("shaded", "Running");
        String uid = node.get("shaded").getMetadata().getUid();
        Path memory = directory.resolve("node/memory");
        Path file = memory.resolve(uid).resolve("volumes/shade/color");

        assertThat(file).hasContent("grey");
        assertThat(Files.getFileStore(file).type()).isEqualTo("tmpfs");
        assertThat(Files.getPosixFilePermissions(memory)).isEqualTo(PosixFilePermissions.fromString("rwx------"));

        node.delete("shaded");
        node.awaitGone("shaded");
        Deadline.await("files gone", Duration.ofSeconds(10), () -> Files.notExists(memory.resolve(uid)));
    }

    private static void configMap(String name, Map<String, String> data) {
        node.api.create(
                ResourceType.CONFIG_MAPS,
                new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace(NodeFixture.NAMESPACE)
                        .withName(name)
                        .endMetadata()
                        .addToData(data)
                        .build());
    }
}
