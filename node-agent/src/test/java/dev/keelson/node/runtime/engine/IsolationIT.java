package dev.keelson.node.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.node.NodeException;
import dev.keelson.node.runtime.ContainerConfig.Access;
import dev.keelson.node.runtime.ContainerConfig.HostPath;
import dev.keelson.node.runtime.ContainerConfig.Mount;
import dev.keelson.node.runtime.ContainerConfig.Propagation;
import dev.keelson.node.runtime.ContainerConfig.Seccomp;
import dev.keelson.node.runtime.ContainerConfig.Security;
import dev.keelson.node.runtime.ContainerStatus;
import dev.keelson.node.runtime.PodSandboxConfig.NamespaceModes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a container sees of the host, and what it can do to it. */
class IsolationIT extends EngineTest {
    private static final List<String> NAMESPACES = List.of("user", "mnt", "pid", "net", "ipc", "uts", "cgroup");

    @Test
    void everyNamespaceIsItsOwn() throws IOException {
        sandbox();
        ContainerStatus app = start(script("app", "sleep 1000"));
        for (String namespace : NAMESPACES) {
            String inside = exec(app, "readlink /proc/self/ns/" + namespace).strip();
            String outside =
                    Files.readSymbolicLink(Path.of("/proc/self/ns", namespace)).toString();
            assertThat(inside).as(namespace).startsWith(namespace + ":[").isNotEqualTo(outside);
        }
        assertThat(exec(app, "hostname")).isEqualTo("web-0\n");
        assertThat(exec(app, "cat /proc/1/cmdline")).startsWith("sleep");
    }

    @Test
    void containersOfAPodShareNetworkAndIpcOnly() {
        sandbox();
        ContainerStatus one = start(script("one", "sleep 1000"));
        ContainerStatus two = start(script("two", "sleep 1000"));
        for (String shared : List.of("user", "net", "ipc", "uts")) {
            assertThat(exec(one, "readlink /proc/self/ns/" + shared))
                    .isEqualTo(exec(two, "readlink /proc/self/ns/" + shared));
        }
        for (String own : List.of("mnt", "pid", "cgroup")) {
            assertThat(exec(one, "readlink /proc/self/ns/" + own))
                    .isNotEqualTo(exec(two, "readlink /proc/self/ns/" + own));
        }
        exec(one, "echo shared > /dev/shm/note");
        assertThat(exec(two, "cat /dev/shm/note")).isEqualTo("shared\n");
    }

    @Test
    void rootInThePodIsNobodyOnTheHost() throws IOException {
        sandbox();
        int rootUid = runtime.listPodSandboxes().getFirst().rootUid();
        ContainerStatus app = start(script("app", "touch /made; sleep 1000"));
        assertThat(exec(app, "cat /proc/self/uid_map").strip().split("\\s+"))
                .containsExactly("0", Integer.toString(rootUid), "65536");
        assertThat(Files.readString(Path.of("/proc/" + app.pid() + "/status")))
                .contains("Uid:\t" + rootUid + "\t" + rootUid);
        assertThat(exec(app, "until test -e /made; do sleep 0.01; done; stat -c %u:%g /bin/busybox /made /etc/passwd"))
                .isEqualTo("0:0\n0:0\n0:0\n");
        Path made = fixture.settings.directory().resolve("pods/" + POD + "/c/app_0/upper/made");
        assertThat(Files.getAttribute(made, "unix:uid")).isEqualTo(rootUid);
    }

    @Test
    void hostFilesAndProcessesCannotBeSeen() {
        sandbox();
        ContainerStatus app = start(script("app", "sleep 1000"));
        assertThat(exec(app, "ls /").lines()).containsExactlyInAnyOrder("bin", "dev", "etc", "proc", "sys", "tmp");
        assertThat(exec(app, "cat /proc/self/mountinfo")).doesNotContain(root.toString());
        assertThat(exec(app, "ps").lines().count()).isLessThan(6);
        assertThat(exec(app, "ls /../../..; cd ..; cd ..; ls").lines()).doesNotContain("home", "root", "usr");
        assertThat(exec(app, "cat /proc/keys; ls /sys/firmware")).isBlank();
        assertThat(exec(app, "echo 1 > /proc/sys/vm/drop_caches")).contains("Read-only");
        assertThat(exec(app, "touch /sys/x")).contains("Read-only");
    }

    @Test
    void standardDevicesWorkAndOthersDoNotExist() {
        sandbox();
        ContainerStatus app = start(script("app", "sleep 1000"));
        assertThat(exec(app, "ls /dev").lines())
                .containsExactlyInAnyOrder(
                        "fd", "full", "mqueue", "null", "ptmx", "pts", "random", "shm", "stderr", "stdin", "stdout",
                        "tty", "urandom", "zero");
        assertThat(exec(app, "head -c 4 /dev/urandom | wc -c; echo x > /dev/null; echo x > /dev/full"))
                .startsWith("4\n")
                .contains("No space left");
        assertThat(exec(app, "mknod /tmp/disk b 254 0 && cat /tmp/disk")).contains("not permitted");
    }

    @Test
    void privilegesAreDockersDefault() {
        sandbox();
        ContainerStatus app = start(script("app", "sleep 1000"));
        String status = exec(app, "cat /proc/self/status");
        assertThat(status)
                .contains("CapEff:\t00000000a80425fb")
                .contains("CapBnd:\t00000000a80425fb")
                .contains("CapInh:\t0000000000000000")
                .contains("Seccomp:\t2")
                .contains("NoNewPrivs:\t0");
        assertThat(exec(app, "unshare -U true; unshare -m true; mount -t tmpfs x /tmp"))
                .contains("Operation not permitted")
                .doesNotContain("Invalid");
        assertThat(exec(app, "chown 7:7 /tmp && stat -c %u /tmp")).isEqualTo("7\n");
    }

    @Test
    void capabilitiesAndNewPrivilegesCanBeTakenAway() {
        sandbox();
        Security bare = new Security(
                false,
                false,
                false,
                new Seccomp.Default(),
                Optional.of(List.of("CAP_KILL")),
                false,
                false,
                Optional.empty());
        String status =
                output(script("app", "cat /proc/self/status; chown 7 /tmp").security(s -> bare));
        assertThat(status)
                .contains("CapEff:\t0000000000000020")
                .contains("NoNewPrivs:\t1")
                .contains("Operation not permitted");
    }

    @Test
    void unknownCapabilityIsNamed() {
        sandbox();
        Security wrong = new Security(
                false,
                true,
                false,
                new Seccomp.Default(),
                Optional.of(List.of("CAP_FLY")),
                false,
                false,
                Optional.empty());
        assertThatThrownBy(() -> runtime.createContainer(
                        script("app", "id").security(s -> wrong).value()))
                .hasMessageContaining("no capability CAP_FLY");
    }

    @Test
    void userComesFromTheContainersOwnAccounts() {
        sandbox();
        assertThat(output(script("a", "id; echo $HOME; echo hi > /dev/stdout").user("bob")))
                .isEqualTo("uid=1000(bob) gid=1001(bob) groups=50(staff),1001(bob)\n/home/bob\nhi\n");
        assertThat(output(script("strict", "id")
                        .user("bob")
                        .security(security -> new Security(
                                false,
                                true,
                                false,
                                new Seccomp.Default(),
                                Optional.empty(),
                                false,
                                true,
                                Optional.empty()))))
                .contains("groups=1001(bob)\n");
        assertThat(output(script("b", "id").user("1234:staff")))
                .contains("uid=1234")
                .contains("gid=50(staff)");
        assertThat(output(script("c", "cat /proc/self/status").user("bob"))).contains("CapEff:\t0000000000000000");
    }

    @Test
    void rootFileSystemCanBeReadOnlyAndWorkingDirectoryIsMade() {
        sandbox();
        Security readOnly = new Security(
                false, true, true, new Seccomp.Default(), Optional.empty(), false, false, Optional.empty());
        assertThat(output(script("a", "pwd; touch /x; echo ok > /dev/shm/x; cat /dev/shm/x")
                        .workingDir("/srv/deep/down")
                        .security(s -> readOnly)))
                .startsWith("/srv/deep/down\n")
                .contains("Read-only file system", "ok\n");
    }

    @Test
    void volumesAreMountedInsideWhateverTheImageLinksTo() throws IOException {
        sandbox();
        Path volume = Files.createDirectory(root.resolve("volume"));
        Files.writeString(volume.resolve("file"), "content\n");
        Path target = Files.createDirectory(root.resolve("target"));
        Files.createSymbolicLink(fixture.layer.resolve("escape"), Path.of("../../../../../" + target));
        assertThat(output(script("a", "cat /data/sub/file; stat -c %u /data/sub/file; touch /data/sub/new")
                        .mount(volume, "/data/sub", false)))
                .isEqualTo("content\n0\n");
        assertThat(Files.getAttribute(volume.resolve("new"), "unix:uid")).isEqualTo(0);
        assertThat(output(script("b", "touch /data/x").mount(volume, "/data", true)))
                .contains("Read-only file system");
        // The link leads out of the image: the mount lands inside, where the link leads to in there, or nowhere.
        ContainerStatus c = runtime.createContainer(
                script("c", "ls " + target).mount(volume, "/escape", false).value());
        try {
            runtime.startContainer(c.id());
        } catch (RuntimeException e) {
            assertThat(e).hasMessageContaining("cannot mount");
        }
        assertThat(target).isEmptyDirectory();
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(root.toString());
    }

    @Test
    void singleFilesCanBeMounted() throws IOException {
        sandbox();
        Path hosts = Files.writeString(root.resolve("hosts"), "10.0.0.1 web\n");
        assertThat(output(script("a", "cat /etc/hosts").mount(hosts, "/etc/hosts", false)))
                .isEqualTo("10.0.0.1 web\n");
    }

    @ParameterizedTest
    @CsvSource({
        "directory, /bin/busybox, 'cannot mount a directory on /bin/busybox, which is a file in the container; mount it on"
                + " a directory or on a path that does not exist'",
        "file, /bin, 'cannot mount a file on /bin, which is a directory in the container; mount it on a file or on a path"
                + " that does not exist'",
        "file, /bin/busybox/hosts, 'cannot mount a file on /bin/busybox/hosts: a part of this path is a file in the"
                + " container'",
        "file, /proc/hosts, 'cannot mount a file on /proc/hosts, which cannot be made: no such file or directory'",
    })
    void whatCannotBeMountedThereIsSaid(String kind, String path, String said) throws IOException {
        sandbox();
        Path source = kind.equals("file")
                ? Files.writeString(root.resolve("hosts"), "10.0.0.1 web\n")
                : Files.createDirectory(root.resolve("directory"));
        assertThatThrownBy(() -> start(script("a", "true").mount(source, path, false)))
                .hasMessageEndingWith(said);
    }

    @Test
    void processNamespaceCanBeShared() {
        sandbox(new NamespaceModes(false, false, false, false, true));
        start(script("one", "sleep 4321"));
        ContainerStatus two = start(script("two", "sleep 1000"));
        EngineFixture.await(() -> exec(two, "ps").contains("4321"));
        assertThat(exec(two, "readlink /proc/1/exe; cat /proc/1/comm")).contains("keelson-init");
        // Nor does it tell where the host keeps what.
        assertThat(exec(two, "cat /proc/1/cmdline")).startsWith("keelson-init").doesNotContain("/");
    }

    @Test
    void endedContainerTakesItsChildrenAlongInASharedProcessNamespace() {
        sandbox(new NamespaceModes(false, false, false, false, true));
        ContainerStatus watcher = start(script("watcher", "sleep 1000"));
        finish(start(script("one", "sleep 4321 & exit 0")));
        EngineFixture.await(() -> !exec(watcher, "ps").contains("4321"));
    }

    @Test
    void hostNamespacesCanBeAskedFor() throws IOException {
        sandbox(new NamespaceModes(true, true, true, true, false));
        ContainerStatus app = start(script("app", "sleep 1000"));
        for (String shared : List.of("user", "net", "ipc", "pid")) {
            assertThat(exec(app, "readlink /proc/self/ns/" + shared).strip())
                    .isEqualTo(Files.readSymbolicLink(Path.of("/proc/self/ns", shared))
                            .toString());
        }
        assertThat(exec(app, "cat /proc/self/status")).contains("CapEff:\t00000000a80425fb");
        // Root on the host's users, but a device that it makes cannot be opened.
        assertThat(exec(app, "mknod /tmp/zero c 1 5; head -c 1 /tmp/zero")).contains("ermission denied");
        assertThat(runtime.listPodSandboxes().getFirst().rootUid()).isZero();
        runtime.stopContainer(app.id(), Duration.ZERO);
    }

    @Test
    void privilegedContainerMayMount() {
        sandbox();
        Security privileged = new Security(
                true, true, false, new Seccomp.Default(), Optional.empty(), false, false, Optional.empty());
        assertThat(output(script("app", "mount -t tmpfs x /tmp && echo mounted; cat /proc/self/status")
                        .security(s -> privileged)))
                .startsWith("mounted\n")
                .contains("Seccomp:\t0");
    }

    @Test
    void privilegedContainerOfTheHostsUsersSeesItsDevices() {
        sandbox(new NamespaceModes(false, false, false, true, false));
        Security privileged = new Security(
                true, true, false, new Seccomp.Default(), Optional.empty(), false, false, Optional.empty());
        assertThat(output(script("app", "ls /dev; stat -c %F /dev/kmsg; ls /dev/pts; echo x > /dev/shm/x && echo own")
                        .security(s -> privileged)))
                .contains("kmsg\n")
                .contains("character special file")
                .endsWith("ptmx\nown\n");
    }

    /** A container of the pod may exchange what a sub-path names for a link at any moment of another one's start. */
    @Test
    void subPathNeverLeadsOutOfTheVolumeWhateverIsSwappedMeanwhile() throws Exception {
        sandbox();
        Path secret = Files.createDirectory(root.resolve("secret"));
        Files.writeString(secret.resolve("note"), "secret\n");
        Path volume = Files.createDirectory(root.resolve("volume"));
        Files.writeString(Files.createDirectory(volume.resolve("sub")).resolve("note"), "inside\n");
        Files.createSymbolicLink(volume.resolve("link"), secret);
        AtomicBoolean done = new AtomicBoolean();
        Thread swapper = Thread.ofPlatform().start(() -> swap(volume, done));
        List<String> seen = new ArrayList<>();
        try {
            for (int i = 0; i < 40; i++) {
                seen.add(noteIn("c" + i, volume));
            }
        } finally {
            done.set(true);
            swapper.join();
        }
        assertThat(seen)
                .contains("inside\n")
                .anyMatch(note -> note.contains("subPath"))
                .doesNotContain("secret\n");
    }

    private String noteIn(String name, Path volume) {
        Mount below = new Mount(new HostPath(volume, "sub"), "/v", Access.READ_WRITE, Propagation.PRIVATE, true);
        try {
            return output(script(name, "cat /v/note").mount(below));
        } catch (NodeException refused) {
            return refused.getMessage();
        }
    }

    private static void swap(Path volume, AtomicBoolean done) {
        Path sub = volume.resolve("sub");
        while (!done.get()) {
            try {
                Files.move(sub, volume.resolve("kept"));
                Files.move(volume.resolve("link"), sub);
                LockSupport.parkNanos(500_000);
                Files.move(sub, volume.resolve("link"));
                Files.move(volume.resolve("kept"), sub);
                LockSupport.parkNanos(500_000);
            } catch (IOException unexpected) {
                throw new UncheckedIOException(unexpected);
            }
        }
    }
}
