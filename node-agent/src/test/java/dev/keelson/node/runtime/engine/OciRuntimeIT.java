package dev.keelson.node.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.linux.Cgroups;
import dev.keelson.linux.Processes;
import dev.keelson.node.runtime.ContainerConfig.Access;
import dev.keelson.node.runtime.ContainerConfig.HostPath;
import dev.keelson.node.runtime.ContainerConfig.Mount;
import dev.keelson.node.runtime.ContainerConfig.Propagation;
import dev.keelson.node.runtime.ContainerConfig.Seccomp;
import dev.keelson.node.runtime.ContainerConfig.Security;
import dev.keelson.node.runtime.ContainerStatus;
import dev.keelson.node.runtime.PodSandboxConfig.NamespaceModes;
import dev.keelson.node.runtime.Resources;
import dev.keelson.node.runtime.StreamOptions;
import dev.keelson.node.runtime.StreamSession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Containers of a RuntimeClass: Debian's runc in the place of the engine, with everything else as usual. */
class OciRuntimeIT extends EngineTest {
    private static final StreamOptions ALL = new StreamOptions(true, true, true, false);
    private static final StreamOptions TERMINAL = new StreamOptions(true, true, false, true);

    @BeforeAll
    static void installRunc() throws Exception {
        if (!Files.isExecutable(Path.of("/usr/sbin/runc"))) {
            Process install = new ProcessBuilder("apt-get", "install", "-y", "-qq", "--no-install-recommends", "runc")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            assertThat(install.waitFor()).as("apt-get install runc").isZero();
        }
    }

    @BeforeEach
    void podOfRunc() {
        sandbox(NamespaceModes.PRIVATE, Resources.NONE, "runc");
    }

    @Test
    void runsInThePodsNamespacesAsItsOwnUsersWithItsLog() throws IOException {
        int rootUid = runtime.listPodSandboxes().getFirst().rootUid();
        ContainerStatus app = finish(start(script(
                        "app",
                        "hostname; id; echo $HOME; cat /proc/self/uid_map; touch /made; grep -E 'CapEff|Seccomp:'"
                                + " /proc/self/status; unshare -m true; exit 7")
                .user("bob")));
        assertThat(app.exit()).get().extracting(ContainerStatus.Exit::code).isEqualTo(7);
        assertThat(text(app))
                .contains("web-0\nuid=1000(bob) gid=1001(bob) groups=50(staff),1001(bob)\n/home/bob\n")
                .contains(" " + rootUid + " ", "Seccomp:\t2", "CapEff:\t0000000000000000")
                .contains("unshare: ", "/made: Permission denied");
        String root =
                output(script("root", "touch /made; stat -c %u /bin/busybox /made; echo x > /dev/shm/x; ls /dev/shm"));
        assertThat(root).isEqualTo("0\n0\nx\n");
        Path made = fixture.settings.directory().resolve("pods/" + POD + "/c/root_0/upper/made");
        assertThat(Files.getAttribute(made, "unix:uid")).isEqualTo(rootUid);
    }

    @Test
    void volumesAreThereAndCannotBeLeft() throws IOException {
        Path volume = Files.createDirectory(root.resolve("volume"));
        Files.writeString(Files.createDirectory(volume.resolve("sub")).resolve("file"), "content\n");
        Mount below = new Mount(
                new HostPath(volume, "sub"), "/v", Access.READ_ONLY_WITH_ALL_BELOW, Propagation.PRIVATE, true);
        assertThat(output(script("a", "cat /v/file; stat -c %u /v/file; touch /v/x")
                        .mount(below)))
                .contains("content\n0\n", "Read-only file system");
        Files.createSymbolicLink(volume.resolve("out"), Path.of("/etc"));
        Mount out = new Mount(new HostPath(volume, "out"), "/v", Access.READ_WRITE, Propagation.PRIVATE, true);
        assertThatThrownBy(() -> start(script("b", "ls /v").mount(out)))
                .hasMessageContaining("leads out of the volume");
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(root.toString());
    }

    @Test
    void commandsRunWithTheirStreamsAndExitCodes() throws Exception {
        ContainerStatus app = start(script("app", "exec sleep 1000"));
        assertThat(exec(app, "cat /proc/1/comm; id -u")).isEqualTo("sleep\n0\n");
        try (StreamSession session =
                runtime.exec(app.id(), List.of("/bin/sh", "-c", "cat; echo oops >&2; exit 4"), ALL)) {
            session.stdin().write("over\n".getBytes(StandardCharsets.UTF_8));
            session.stdin().close();
            assertThat(session.stdout().readAllBytes()).asString().isEqualTo("over\n");
            assertThat(session.stderr().readAllBytes()).asString().isEqualTo("oops\n");
            assertThat(session.exitCode().get(20, TimeUnit.SECONDS)).isEqualTo(4);
        }
        try (StreamSession session = runtime.exec(app.id(), List.of("/bin/sh"), TERMINAL)) {
            session.resize(132, 50);
            session.stdin().write("test -t 0 && echo terminal; exit 6\n".getBytes(StandardCharsets.UTF_8));
            session.stdin().flush();
            assertThat(new String(session.stdout().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("terminal\r\n");
            assertThat(session.exitCode().get(20, TimeUnit.SECONDS)).isEqualTo(6);
        }
        assertThatThrownBy(() -> runtime.execSync(app.id(), List.of("/bin/sleep", "4321"), Duration.ofSeconds(1)))
                .hasMessageContaining("timed out");
        EngineFixture.await(() -> !exec(app, "ps").contains("4321"));
    }

    @Test
    void terminalOfTheMainProcessIsTheRuntimes() throws Exception {
        ContainerStatus app = start(script("app", "test -t 0 && echo terminal; read word; echo got $word; exit 5")
                .tty());
        try (StreamSession session = runtime.attach(app.id(), TERMINAL)) {
            session.stdin().write("hello\n".getBytes(StandardCharsets.UTF_8));
            session.stdin().flush();
            assertThat(session.exitCode().get(20, TimeUnit.SECONDS)).isEqualTo(5);
        }
        assertThat(text(app)).contains("terminal", "got hello");
    }

    @Test
    void stopSignalComesFirstAndKillingTakesEverything() {
        ContainerStatus polite =
                start(script("polite", "trap 'echo bye; exit 3' TERM; echo up; while :; do sleep 0.05; done"));
        EngineFixture.await(() -> text(polite).contains("up"));
        runtime.stopContainer(polite.id(), Duration.ofSeconds(20));
        assertThat(text(polite)).contains("bye");
        assertThat(finish(polite).exit())
                .get()
                .extracting(ContainerStatus.Exit::code)
                .isEqualTo(3);
        ContainerStatus deaf = start(script("deaf", "trap '' TERM; sleep 1000 & sleep 1000"));
        runtime.stopContainer(deaf.id(), Duration.ofMillis(100));
        assertThat(finish(deaf).exit())
                .get()
                .extracting(ContainerStatus.Exit::code)
                .isEqualTo(137);
    }

    @Test
    void containersGoOnWithoutTheAgentAndNothingIsLeftInTheEnd() throws IOException {
        ContainerStatus app = start(script("app", "i=0; while :; do echo line $i; i=$((i+1)); sleep 0.01; done"));
        ContainerStatus brief = start(script("brief", "sleep 0.2; echo last words; exit 9"));
        runtime.close();
        EngineFixture.await(() -> text(app).contains("line 30"));
        runtime = fixture.open();
        ContainerStatus adopted = runtime.containerStatus(app.id());
        assertThat(adopted.state()).isEqualTo(ContainerStatus.State.RUNNING);
        assertThat(adopted.pid()).isEqualTo(app.pid());
        assertThat(finish(brief).exit())
                .get()
                .extracting(ContainerStatus.Exit::code)
                .isEqualTo(9);
        assertThat(exec(adopted, "echo inside")).isEqualTo("inside\n");
        assertThat(output(script("later", "hostname"))).isEqualTo("web-0\n");
        runtime.removePodSandbox(POD);
        assertThat(Processes.startTicks(app.pid())).isEmpty();
        runtime.endLauncher();
        runtime.close();
        try (Stream<Path> hierarchies = Files.list(Path.of("/sys/fs/cgroup"))) {
            assertThat(hierarchies.map(h -> h.resolve(fixture.settings.cgroupParent())))
                    .noneMatch(Files::exists);
        }
        runtime = fixture.open();
    }

    @Test
    void failuresToStartAreExplained() {
        assertThatThrownBy(() -> start(script("none", "").args("/nope"))).hasMessageContaining("/nope");
        assertThatThrownBy(() -> start(script("who", "id").user("nobody-knows")))
                .hasMessageContaining("\"nobody-knows\" is not in the container's /etc/passwd");
        assertThat(output(script("fine", "echo fine"))).isEqualTo("fine\n");
    }

    @Test
    void privilegesAndLimitsAreGivenOn() {
        Security few = new Security(
                false,
                false,
                true,
                new Seccomp.Unconfined(),
                Optional.of(List.of("CAP_KILL")),
                false,
                false,
                Optional.empty());
        String limit = Cgroups.detect().hierarchies().isEmpty()
                ? "/sys/fs/cgroup/memory.max"
                : "/sys/fs/cgroup/memory/memory.limit_in_bytes";
        assertThat(output(script(
                                "app",
                                "grep -E 'CapEff|NoNewPrivs|Seccomp:' /proc/self/status; touch /x;" + " cat " + limit
                                        + "; cut -d: -f3 /proc/self/cgroup")
                        .security(_ -> few)
                        .resources(memory(48 << 20))))
                .contains("CapEff:\t0000000000000020\nNoNewPrivs:\t1\nSeccomp:\t0\n", "Read-only file system")
                .contains("50331648\n")
                .as("its own groups are all that it sees")
                .doesNotContain(fixture.settings.cgroupParent());
    }

    @Test
    void processNamespacesAndTheHostsNamespacesAreShared() throws IOException {
        runtime.removePodSandbox(POD);
        sandbox(new NamespaceModes(false, false, false, false, true), Resources.NONE, "runc");
        start(script("one", "sleep 4321"));
        ContainerStatus two = start(script("two", "sleep 1000"));
        EngineFixture.await(() -> exec(two, "ps").contains("4321"));
        ContainerStatus guest = start(script("guest", "sleep 1000").processesOf(two));
        assertThat(exec(guest, "cat /proc/1/comm")).isEqualTo("keelson-init\n");
        runtime.removePodSandbox(POD);
        sandbox(new NamespaceModes(true, true, true, true, false), Resources.NONE, "runc");
        ContainerStatus host = start(script("host", "sleep 1000")
                .security(_ -> new Security(
                        true,
                        true,
                        false,
                        new Seccomp.Unconfined(),
                        Optional.empty(),
                        false,
                        false,
                        Optional.empty())));
        for (String shared : List.of("user", "net", "ipc", "pid")) {
            assertThat(exec(host, "readlink /proc/self/ns/" + shared).strip())
                    .isEqualTo(Files.readSymbolicLink(Path.of("/proc/self/ns", shared))
                            .toString());
        }
        assertThat(exec(host, "ls /dev/kmsg; mount -t tmpfs x /tmp && echo mounted"))
                .isEqualTo("/dev/kmsg\nmounted\n");
        runtime.stopContainer(host.id(), Duration.ZERO);
    }

    @Test
    void unknownHandlersAreNamed() {
        runtime.removePodSandbox(POD);
        assertThatThrownBy(() -> sandbox(NamespaceModes.PRIVATE, Resources.NONE, "gvisor"))
                .hasMessageContaining("no runtime for \"gvisor\" is configured on this node, which has")
                .hasMessageContaining("runc");
        assertThat(runtime.listPodSandboxes()).isEmpty();
    }

    @Test
    void handlersCanBeAdded() throws IOException {
        RuntimeHandlers handlers = new RuntimeHandlers(root.resolve("runtimes"));
        Files.createDirectories(root.resolve("runtimes"));
        Files.writeString(root.resolve("runtimes/fast.properties"), "path = /bin/busybox\n");
        Files.writeString(root.resolve("runtimes/wrong.properties"), "path = nowhere\n");
        assertThat(handlers.program("fast")).contains(Path.of("/bin/busybox"));
        assertThat(handlers.program("keelson")).isEmpty();
        assertThat(handlers.names()).contains("fast", "keelson", "runc", "wrong");
        assertThatThrownBy(() -> handlers.program("wrong")).hasMessageContaining("no absolute path of a program");
        assertThatThrownBy(() -> handlers.program("../x")).hasMessageContaining("no runtime");
    }
}
