package dev.keelson.node.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.linux.Cgroups;
import dev.keelson.linux.Processes;
import dev.keelson.node.NodeException;
import dev.keelson.node.runtime.ContainerStatus;
import dev.keelson.node.runtime.PodSandbox;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * kill -9 at one system call after the other of a pod's start and stop: one run is traced to learn the calls, then strace
 * sends the signal when the n-th call of a kind is entered. Another pod runs all the time and must not notice. A normal run takes every third step of the
 * agent's, from a random first one; {@code -Dkeelson.crash.stride=1} takes them all.
 */
class StepwiseCrashIT extends EngineTest {
    private static final String SPARE = "keelson-spare";
    private static final System.Logger LOG = System.getLogger(StepwiseCrashIT.class.getName());
    private static final int STRIDE = Integer.getInteger("keelson.crash.stride", 3);
    private static final int KILLED = 128 + 9;
    private static final Pattern CALL = Pattern.compile("^(\\d+ +)?([a-z0-9_]+)\\(");
    private static final String SUBJECT = CrashVictim.uid(0);
    /** What changes files, groups or other processes; between two of these the world is the same. */
    private static final String CHANGES =
            "mkdir,mkdirat,rename,renameat,renameat2,rmdir,unlink,unlinkat,connect,sendmsg,"
                    + "chown,lchown,fchown,fchownat,ftruncate";

    /** Of a supervisor: what others can see, and what makes the processes that others see. */
    private static final String SUPERVISOR_CHANGES =
            "clone,clone3,fork,vfork,openat,write,sendto,sendmsg,rename,renameat,"
                    + "unlink,unlinkat,kill,pidfd_send_signal,wait4,waitid,setns,epoll_ctl,pipe2,socketpair";

    private ContainerStatus bystander;
    private int bystandersSupervisor;

    @BeforeEach
    void startBystander() {
        sandbox();
        bystander = start(script("bystander", "sleep 1000"));
        bystandersSupervisor = fixture.keepers("keelson-pod").getFirst();
    }

    @AfterEach
    void bystanderHasNotNoticed() {
        assertBystander();
    }

    /** The n-th call of one kind that one thread makes. */
    private record Step(String call, int count) {
        String injection() {
            return "inject=" + call + ":signal=KILL:when=" + count;
        }
    }

    @Test
    void agentKilledAtAnyStepOfAPodsLifeIsContinuedByTheNext() throws IOException, InterruptedException {
        Path trace = root.resolve("agent.trace");
        assertThat(agent("-o", trace.toString(), "-e", "trace=" + CHANGES)).isZero();
        List<Step> steps = steps(trace);
        assertThat(steps).hasSizeGreaterThan(15);
        int killed = 0;
        for (int i = new Random().nextInt(STRIDE); i < steps.size(); i += STRIDE) {
            Step step = steps.get(i);
            int code = agent("-o", "/dev/null", "-e", "trace=" + step.call(), "-e", step.injection());
            killed += code == KILLED ? 1 : 0;
            try {
                assertBystander();
                continueLife();
                assertOnlyTheBystanderIsLeft();
            } catch (AssertionError | RuntimeException failed) {
                throw new AssertionError("agent killed at " + step, failed);
            }
        }
        LOG.log(System.Logger.Level.INFO, "agent steps={0} killed={1} stride={2}", steps.size(), killed, STRIDE);
        assertThat(killed).isGreaterThan(steps.size() / STRIDE / 2);
    }

    /** Has another process take the subject through its life; answers how it ended, with the engine open again. */
    private int agent(String... tracing) throws IOException, InterruptedException {
        runtime.close();
        List<String> command = new ArrayList<>(List.of("strace", "-f"));
        command.addAll(List.of(tracing));
        command.addAll(fixture.victim("one-life"));
        Path log = root.resolve("victim.log");
        int code = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        assertThat(code).as(Files.readString(log)).isIn(0, KILLED);
        runtime = fixture.open();
        return code;
    }

    private static List<Step> steps(Path trace) throws IOException {
        Map<String, Integer> counts = new HashMap<>();
        Set<Step> steps = new LinkedHashSet<>();
        for (String line : Files.readAllLines(trace)) {
            Matcher call = CALL.matcher(line);
            if (call.find()) {
                String name = call.group(2);
                steps.add(new Step(name, counts.merge(call.group(1) + name, 1, Integer::sum)));
            }
        }
        return List.copyOf(steps);
    }

    /** What the next agent does about a pod that is still wanted. */
    private void continueLife() {
        Optional<ContainerStatus> found = runtime.listContainers().stream()
                .filter(container -> container.podUid().equals(SUBJECT))
                .findFirst();
        runtime.runPodSandbox(CrashVictim.sandbox(root, SUBJECT));
        ContainerStatus known = runtime.createContainer(CrashVictim.container(root, SUBJECT, 0));
        ContainerStatus run = runtime.startContainer(known.id());
        switch (run.state()) {
            case RUNNING -> assertThat(Processes.startTicks(run.pid())).isPresent();
            case EXITED ->
                assertThat(run.exit())
                        .get()
                        .extracting(ContainerStatus.Exit::code)
                        .isEqualTo(KILLED);
            case CREATED -> throw new AssertionError("a container that was started is " + run);
        }
        found.filter(before -> before.state() == ContainerStatus.State.RUNNING)
                .ifPresent(before -> assertThat(run.pid()).as("not restarted").isEqualTo(before.pid()));
        runtime.removePodSandbox(SUBJECT);
    }

    @Test
    void launcherKilledAtAnyStepCostsNoPodAnything() throws IOException, InterruptedException {
        Path trace = root.resolve("launcher.trace");
        assertThat(startPodUnder("-o", trace.toString())).as("launcher killed").isFalse();
        List<Step> steps = steps(trace);
        assertThat(steps).hasSizeGreaterThan(10);
        int killed = 0;
        for (Step step : steps) {
            try {
                killed += startPodUnder("-o", "/dev/null", "-e", step.injection()) ? 1 : 0;
            } catch (AssertionError | RuntimeException failed) {
                throw new AssertionError("launcher killed at " + step, failed);
            }
        }
        LOG.log(System.Logger.Level.INFO, "launcher steps={0} killed={1}", steps.size(), killed);
        assertThat(killed).isGreaterThan(steps.size() / 2);
        assertOnlyTheBystanderIsLeft();
    }

    /** Starts and removes the subject while strace is at the launcher; answers whether that one is dead. */
    private boolean startPodUnder(String... tracing) throws IOException, InterruptedException {
        int launcher = launcher();
        List<String> command = new ArrayList<>(List.of("strace"));
        command.addAll(List.of(tracing));
        command.addAll(List.of("-p", Integer.toString(launcher)));
        Process tracer = new ProcessBuilder(command).start();
        try (BufferedReader said = tracer.errorReader()) {
            assertThat(said.readLine()).contains("attached");
            PodSandbox sandbox = runtime.runPodSandbox(CrashVictim.sandbox(root, SUBJECT));
            assertThat(sandbox.state()).isEqualTo(PodSandbox.State.READY);
            ContainerStatus run =
                    runtime.startContainer(runtime.createContainer(CrashVictim.container(root, SUBJECT, 0))
                            .id());
            assertThat(run.state()).isEqualTo(ContainerStatus.State.RUNNING);
            assertBystander();
            runtime.removePodSandbox(SUBJECT);
            return Processes.startTicks(launcher).isEmpty();
        } finally {
            tracer.destroy();
            tracer.waitFor();
        }
    }

    @Test
    void supervisorKilledAtAnyStepIsSeenAndReplaced() throws IOException, InterruptedException {
        assertThat(lifeUnderTracedSupervisor("-e", "trace=" + SUPERVISOR_CHANGES))
                .as("supervisor killed")
                .isFalse();
        List<Step> steps = steps(root.resolve("supervisor.trace"));
        assertThat(steps).hasSizeGreaterThan(20);
        int killed = 0;
        for (Step step : steps) {
            try {
                killed += lifeUnderTracedSupervisor("-e", "trace=" + step.call(), "-e", step.injection()) ? 1 : 0;
            } catch (AssertionError | RuntimeException failed) {
                throw new AssertionError("supervisor killed at " + step, failed);
            }
        }
        LOG.log(System.Logger.Level.INFO, "supervisor steps={0} killed={1}", steps.size(), killed);
        assertThat(killed).isGreaterThan(steps.size() / 2);
        assertOnlyTheBystanderIsLeft();
    }

    /** Takes the subject through a life while strace is at its supervisor; answers whether that one was killed. */
    private boolean lifeUnderTracedSupervisor(String... tracing) throws IOException, InterruptedException {
        runtime.runPodSandbox(CrashVictim.sandbox(root, SUBJECT));
        int supervisor = fixture.keepers("keelson-pod").stream()
                .filter(pid -> pid != bystandersSupervisor)
                .findFirst()
                .orElseThrow();
        Path trace = root.resolve("supervisor.trace");
        List<String> command = new ArrayList<>(List.of("strace", "-o", trace.toString()));
        command.addAll(List.of(tracing));
        command.addAll(List.of("-p", Integer.toString(supervisor)));
        Process tracer = new ProcessBuilder(command).start();
        try (BufferedReader said = tracer.errorReader()) {
            assertThat(said.readLine()).contains("attached");
            if (!livesOrSaysWhyNot()) {
                awaitLoss();
                runAgain();
            }
            assertBystander();
            removeSubject();
            assertThat(tracer.waitFor()).isNotNegative();
        } finally {
            tracer.destroy();
            tracer.waitFor();
        }
        return Files.readString(trace).contains("+++ killed by SIGKILL +++");
    }

    private void removeSubject() {
        runtime.removePodSandbox(SUBJECT);
        EngineFixture.await(() -> fixture.keepers("keelson-pod").equals(List.of(bystandersSupervisor)));
        Cgroups cgroups = Cgroups.detect();
        EngineFixture.await(() ->
                Set.copyOf(cgroups.children(fixture.settings.cgroupParent())).equals(Set.of("supervisors", POD)));
    }

    private boolean livesOrSaysWhyNot() {
        try {
            ContainerStatus run =
                    runtime.startContainer(runtime.createContainer(CrashVictim.container(root, SUBJECT, 0))
                            .id());
            if (run.state() == ContainerStatus.State.RUNNING) {
                runtime.execSync(run.id(), List.of("/bin/true"), Duration.ofSeconds(20));
                runtime.stopContainer(run.id(), Duration.ZERO);
            }
            boolean stopped = finish(run).exit().orElseThrow().code() == KILLED;
            runtime.removeContainer(run.id());
            return stopped;
        } catch (NodeException refused) {
            return false;
        }
    }

    private void awaitLoss() {
        EngineFixture.await(() -> runtime.listPodSandboxes().stream()
                .filter(sandbox -> sandbox.uid().equals(SUBJECT))
                .allMatch(sandbox -> sandbox.state() == PodSandbox.State.NOT_READY));
    }

    /** The pod can be run again; what ran before says that it has ended. */
    private void runAgain() {
        runtime.runPodSandbox(CrashVictim.sandbox(root, SUBJECT));
        assertThat(runtime.listContainers())
                .filteredOn(container -> container.podUid().equals(SUBJECT))
                .noneMatch(container -> container.state() == ContainerStatus.State.RUNNING);
        ContainerStatus next = runtime.startContainer(
                runtime.createContainer(CrashVictim.container(root, SUBJECT, 1)).id());
        assertThat(next.state()).isEqualTo(ContainerStatus.State.RUNNING);
    }

    /** The launcher and everything that it forks: each process that comes to its n-th call of a kind is killed. */
    @Test
    void processesThatMakeASandboxAreKilledAtAnyStep() throws IOException, InterruptedException {
        killAtAnyStep(this::launcherWithoutSpare);
    }

    @Test
    void supervisorThatWaitedForItsPodIsKilledAtAnyStep() throws IOException, InterruptedException {
        killAtAnyStep(this::launcherAndSpare);
    }

    private List<Integer> launcherWithoutSpare() {
        int launcher = launcher();
        fixture.keepers(SPARE).forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        EngineFixture.await(() -> fixture.keepers(SPARE).isEmpty());
        return List.of(launcher);
    }

    private List<Integer> launcherAndSpare() {
        int launcher = launcher();
        EngineFixture.await(() -> fixture.keepers(SPARE).size() == 1);
        return List.of(launcher, fixture.keepers(SPARE).getFirst());
    }

    private void killAtAnyStep(Supplier<List<Integer>> makers) throws IOException, InterruptedException {
        Path trace = root.resolve("making.trace");
        assertThat(makesSandboxUnder(
                        makers.get(),
                        "-o",
                        trace.toString(),
                        "-e",
                        "trace=" + SUPERVISOR_CHANGES + ",prctl,flock,listen"))
                .as("sandbox made")
                .isTrue();
        List<Step> steps = steps(trace);
        assertThat(steps).hasSizeGreaterThan(10);
        int failed = 0;
        for (Step step : steps) {
            try {
                failed += makesSandboxUnder(
                                makers.get(), "-o", "/dev/null", "-e", "trace=" + step.call(), "-e", step.injection())
                        ? 0
                        : 1;
            } catch (AssertionError | RuntimeException wrong) {
                throw new AssertionError("killed at " + step, wrong);
            }
        }
        LOG.log(System.Logger.Level.INFO, "sandbox steps={0} failed={1}", steps.size(), failed);
        assertThat(failed).isPositive();
        assertOnlyTheBystanderIsLeft();
    }

    /** Whether a sandbox comes into being under strace; without it, one does. */
    private boolean makesSandboxUnder(List<Integer> makers, String... tracing)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("strace", "-f"));
        command.addAll(List.of(tracing));
        makers.forEach(pid -> command.addAll(List.of("-p", Integer.toString(pid))));
        Process tracer = new ProcessBuilder(command).start();
        boolean made;
        try (BufferedReader said = tracer.errorReader()) {
            for (int pid : makers) {
                assertThat(said.readLine()).contains(pid + " attached");
            }
            made = saysReady();
        } finally {
            tracer.destroy();
            tracer.waitFor();
        }
        assertBystander();
        if (fixture.keepers("keelson-pod").equals(List.of(bystandersSupervisor))) {
            awaitLoss();
        }
        runAgain();
        removeSubject();
        return made;
    }

    private boolean saysReady() {
        try {
            return runtime.runPodSandbox(CrashVictim.sandbox(root, SUBJECT)).state() == PodSandbox.State.READY;
        } catch (NodeException refused) {
            assertThat(refused.kind()).isEqualTo(NodeException.Kind.TRANSIENT);
            return false;
        }
    }

    /** The launcher that serves now; one is started when there is none. */
    private int launcher() {
        runtime.runPodSandbox(CrashVictim.sandbox(root, SUBJECT));
        runtime.removePodSandbox(SUBJECT);
        return fixture.keepers("keelson-launch").getFirst();
    }

    private void assertBystander() {
        ContainerStatus now = runtime.containerStatus(bystander.id());
        assertThat(now.state()).isEqualTo(ContainerStatus.State.RUNNING);
        assertThat(now.pid()).isEqualTo(bystander.pid());
        assertThat(exec(now, "echo alive")).isEqualTo("alive\n");
    }

    private void assertOnlyTheBystanderIsLeft() throws IOException {
        runtime.close();
        assertThat(fixture.settings.directory().resolve("pods").toFile().list()).containsExactly(POD);
        assertThat(fixture.settings.directory().resolve("trash")).isEmptyDirectory();
        assertThat(fixture.settings.idRanges().toFile().list()).hasSize(2).contains(".lock");
        assertThat(Cgroups.detect().children(fixture.settings.cgroupParent()))
                .containsExactlyInAnyOrder("supervisors", POD);
        EngineFixture.await(() -> fixture.keepers("keelson-pod").size() == 1);
        assertThat(fixture.keepers("keelson-launch")).hasSizeLessThan(2);
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(root.toString());
        runtime = fixture.open();
    }
}
