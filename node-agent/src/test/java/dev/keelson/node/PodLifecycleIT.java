package dev.keelson.node;

import static dev.keelson.node.NodeFixture.shell;
import static dev.keelson.node.NodeFixture.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.crds.client.PatchType;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a pod's containers from the first to the last, on the real kernel. Needs root. */
class PodLifecycleIT {
    private static final String TELL_LIMIT =
            "while :; do cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null; sleep 0.1; done";

    @TempDir
    static Path directory;

    private static NodeFixture node;

    @BeforeAll
    static void start() throws Exception {
        node = new NodeFixture(directory, "it-life", 21);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void containersBeginInOrderAndSidecarsEndLast() {
        String say = "echo %s >> /all/order; ";
        node.create(node.pod(
                        "order",
                        writing(
                                shell(
                                        "main",
                                        say.formatted("main-up")
                                                + "trap 'echo main-down >> /all/order; exit 0' TERM; while :; do sleep 0.05; done")))
                .editSpec()
                .addToVolumes(new VolumeBuilder()
                        .withName("all")
                        .withEmptyDir(new EmptyDirVolumeSource())
                        .build())
                .addToInitContainers(
                        writing(shell("first", say.formatted("first"))),
                        writing(sidecar("near")),
                        writing(sidecar("far")),
                        writing(shell("second", say.formatted("second"))))
                .endSpec());
        node.awaitReady("order");
        Pod pod = node.get("order");
        assertThat(status(pod, "first").getState().getTerminated().getReason()).isEqualTo("Completed");
        assertThat(status(pod, "near").getStarted()).isTrue();
        assertThat(NodeFixture.condition(pod, "Initialized")).isEqualTo("True");
        Path order = node.directory
                .resolve("node/pods")
                .resolve(pod.getMetadata().getUid())
                .resolve("volumes/all/order");
        String[] held = new String[1];
        node.delete("order");
        Deadline.await("the last sidecar's word", java.time.Duration.ofSeconds(60), () -> {
            held[0] = java.nio.file.Files.readString(order);
            return held[0].contains("near-down");
        });
        node.awaitGone("order");
        assertThat(held[0].lines())
                .containsExactly(
                        "first", "near-up", "far-up", "second", "main-up", "main-down", "far-down", "near-down");
    }

    private static ContainerBuilder sidecar(String name) {
        // The last word stays readable for a moment: the volume goes with the pod.
        return shell(
                        name,
                        "echo %1$s-up >> /all/order; trap 'echo %1$s-down >> /all/order; sleep 1; exit 0' TERM; while :; do sleep 0.05; done"
                                .formatted(name))
                .withRestartPolicy("Always")
                .withNewStartupProbe()
                .withNewExec()
                .withCommand("/bin/grep", name + "-up", "/all/order")
                .endExec()
                .withPeriodSeconds(1)
                .endStartupProbe();
    }

    private static io.fabric8.kubernetes.api.model.Container writing(ContainerBuilder container) {
        return container
                .addNewVolumeMount()
                .withName("all")
                .withMountPath("/all")
                .endVolumeMount()
                .build();
    }

    @Test
    void failingInitContainerEndsAPodThatNeverRestarts() {
        node.create(node.pod("init-fails", shell("main", "echo never").build())
                .editSpec()
                .addToInitContainers(shell("init", "exit 7").build())
                .endSpec());
        Pod pod = node.awaitPhase("init-fails", "Failed");
        assertThat(status(pod, "init").getState().getTerminated().getExitCode()).isEqualTo(7);
        assertThat(status(pod, "main").getState().getWaiting().getReason()).isEqualTo("PodInitializing");
    }

    @Test
    void hooksRunBeforeAndAfter() {
        node.create(node.pod(
                "hooks",
                shell("main", "trap 'cat /tmp/stopping; exit 0' TERM; echo up; while :; do sleep 0.05; done")
                        .withNewLifecycle()
                        .withNewPostStart()
                        .withNewExec()
                        .withCommand("/bin/sh", "-c", "echo begun > /proc/1/fd/1")
                        .endExec()
                        .endPostStart()
                        .withNewPreStop()
                        .withNewExec()
                        .withCommand("/bin/sh", "-c", "echo ended > /tmp/stopping; echo asked > /proc/1/fd/1; sleep 1")
                        .endExec()
                        .endPreStop()
                        .endLifecycle()
                        .build()));
        node.awaitReady("hooks");
        assertThat(node.log("hooks", "main")).contains("begun");
        String uid = node.get("hooks").getMetadata().getUid();
        node.delete("hooks");
        node.awaitLog("hooks", "main", "asked");
        node.awaitGone("hooks");
        assertThat(uid).isNotEmpty();
    }

    @Test
    void hooksAskOverHttp() {
        String serve = """
                mkdir -p /tmp/www/cgi-bin; cd /tmp/www/cgi-bin
                for n in begun ended; do
                printf '#!/bin/sh\\necho hook %s > /proc/1/fd/1\\necho Content-Type: text/plain\\necho\\necho ok\\n' $n > $n
                chmod +x $n; done
                echo ok > /tmp/www/up; exec httpd -f -p 8080 -h /tmp/www""";
        node.create(node.pod(
                        "http-hooks",
                        shell("main", "trap 'exit 0' TERM; while :; do sleep 0.05; done")
                                .withNewLifecycle()
                                .withNewPostStart()
                                .withNewHttpGet()
                                .withPath("/cgi-bin/begun")
                                .withNewPort(8080)
                                .endHttpGet()
                                .endPostStart()
                                .withNewPreStop()
                                .withNewHttpGet()
                                .withPath("/cgi-bin/ended")
                                .withNewPort(8080)
                                .endHttpGet()
                                .endPreStop()
                                .endLifecycle()
                                .build())
                .editSpec()
                .addToInitContainers(shell("server", serve)
                        .withRestartPolicy("Always")
                        .withNewStartupProbe()
                        .withPeriodSeconds(1)
                        .withFailureThreshold(30)
                        .withNewHttpGet()
                        .withPath("/up")
                        .withNewPort(8080)
                        .endHttpGet()
                        .endStartupProbe()
                        .build())
                .endSpec());
        node.awaitReady("http-hooks");
        node.awaitLog("http-hooks", "server", "hook begun");
        node.delete("http-hooks");
        node.awaitLog("http-hooks", "server", "hook ended");
        node.awaitGone("http-hooks");
    }

    @Test
    void failedPostStartHookIsToldAndEndsTheContainer() {
        // A container that heeds its signal: this is not about grace periods.
        node.create(node.pod(
                "bad-hook",
                shell("main", "trap 'exit 1' TERM; while true; do sleep 0.1; done")
                        .withNewLifecycle()
                        .withNewPostStart()
                        .withNewExec()
                        .withCommand("/bin/sh", "-c", "echo no way; exit 3")
                        .endExec()
                        .endPostStart()
                        .endLifecycle()
                        .build()));
        node.awaitPhase("bad-hook", "Failed");
        node.awaitEvent("bad-hook", "FailedPostStartHook PostStartHook failed: command exited with 3: no way");
    }

    @Test
    void lastWordsAreReported() {
        node.create(node.pod(
                "words",
                shell("file", "echo -n from the file > /dev/termination-log; exit 1")
                        .build(),
                shell("elsewhere", "echo -n last words > /tmp/words")
                        .withTerminationMessagePath("/tmp/words")
                        .build(),
                shell("log", "echo from the log; exit 2")
                        .withTerminationMessagePolicy("FallbackToLogsOnError")
                        .build(),
                shell("silent", "echo not an error; exit 0")
                        .withTerminationMessagePolicy("FallbackToLogsOnError")
                        .build(),
                shell("signal", "sh -c 'kill -SEGV $$$$'; exit $?").build()));
        Pod pod = node.awaitPhase("words", "Failed");
        assertThat(ended(pod, "file").getMessage()).isEqualTo("from the file");
        assertThat(ended(pod, "elsewhere").getMessage()).isEqualTo("last words");
        assertThat(ended(pod, "log").getMessage()).contains("from the log");
        assertThat(ended(pod, "log").getExitCode()).isEqualTo(2);
        assertThat(ended(pod, "silent").getMessage()).isNull();
        assertThat(ended(pod, "silent").getReason()).isEqualTo("Completed");
        assertThat(ended(pod, "signal").getExitCode()).isEqualTo(139);
        assertThat(ended(pod, "signal").getReason()).isEqualTo("Error");
    }

    @Test
    void programsThatCannotRunAndMissingObjectsAreNamed() {
        node.create(node.pod(
                "cannot",
                shell("absent", "").withCommand("/nope").build(),
                shell("data", "").withCommand("/bin/data").build()));
        node.create(node.pod(
                "lacks",
                shell("main", "env")
                        .addNewEnv()
                        .withName("COLOR")
                        .withNewValueFrom()
                        .withNewConfigMapKeyRef("color", "palette", false)
                        .endValueFrom()
                        .endEnv()
                        .build()));
        Pod pod = node.awaitPhase("cannot", "Failed");
        for (String container : new String[] {"absent", "data"}) {
            assertThat(ended(pod, container).getExitCode()).isEqualTo(128);
            assertThat(ended(pod, container).getReason()).isEqualTo("StartError");
        }
        assertThat(ended(pod, "absent").getMessage()).contains("exec \"/nope\": no such file or directory");
        assertThat(ended(pod, "data").getMessage()).contains("exec \"/bin/data\": permission denied");
        Pod lacks = node.await("lacks", "config error", found -> NodeFixture.find(found, "main")
                .filter(status -> status.getState().getWaiting() != null)
                .filter(status -> "CreateContainerConfigError"
                        .equals(status.getState().getWaiting().getReason()))
                .isPresent());
        assertThat(status(lacks, "main").getState().getWaiting().getMessage())
                .isEqualTo("configmap \"palette\" not found");
    }

    @Test
    void memoryHogIsReportedAsOomKilled() {
        node.create(node.pod(
                "hog",
                shell("main", "dd if=/dev/zero of=/dev/null bs=200M count=1")
                        .withNewResources()
                        .addToLimits("memory", new Quantity("32Mi"))
                        .endResources()
                        .build()));
        Pod pod = node.awaitPhase("hog", "Failed");
        assertThat(ended(pod, "main").getReason()).isEqualTo("OOMKilled");
        assertThat(ended(pod, "main").getExitCode()).isEqualTo(137);
    }

    @Test
    void deadlineEndsThePod() {
        node.create(node.pod("late", shell("main", "exec sleep 1000").build())
                .editSpec()
                .withActiveDeadlineSeconds(1L)
                .withTerminationGracePeriodSeconds(1L)
                .endSpec());
        assertThat(node.awaitPhase("late", "Failed").getStatus().getReason()).isEqualTo("DeadlineExceeded");
    }

    @Test
    void crashingContainerIsRestartedAndBackedOff() {
        node.create(node.pod("crash", shell("main", "exit 4").build())
                .editSpec()
                .withRestartPolicy("OnFailure")
                .endSpec());
        Pod pod = node.await("crash", "back-off", found -> NodeFixture.find(found, "main")
                .filter(status -> status.getState().getWaiting() != null)
                .filter(status ->
                        "CrashLoopBackOff".equals(status.getState().getWaiting().getReason()))
                .isPresent());
        assertThat(status(pod, "main").getRestartCount()).isPositive();
        assertThat(status(pod, "main").getLastState().getTerminated().getExitCode())
                .isEqualTo(4);
        node.awaitEvent("crash", "BackOff Back-off restarting failed container main in pod crash_shop(");
    }

    @Test
    void debuggerSeesTheProcessesOfItsTarget() {
        node.create(node.pod("debugged", shell("main", "exec sleep 1234").build()));
        node.awaitReady("debugged");
        patch("debugged", """
                {"spec":{"ephemeralContainers":[{"name":"debugger","image":"%s","imagePullPolicy":"IfNotPresent",
                "command":["/bin/sh","-c","ps; exit 5"],"targetContainerName":"main"}]}}""".formatted(BusyboxImage.NAME));
        Pod pod = node.await("debugged", "debugger ended", found -> NodeFixture.find(found, "debugger")
                .filter(status -> status.getState().getTerminated() != null)
                .isPresent());
        assertThat(ended(pod, "debugger").getExitCode()).isEqualTo(5);
        assertThat(node.log("debugged", "debugger")).contains("sleep 1234");
        assertThat(pod.getStatus().getPhase()).isEqualTo("Running");
    }

    @Test
    void containersShareTheLimitOfTheirPod() {
        // Reads 20 MB and cannot write them.
        String hold = "mkfifo /tmp/f; (sleep 100 < /tmp/f) & exec dd if=/dev/zero of=/tmp/f bs=20M count=1";
        node.create(node.pod(
                        "shared",
                        shell("first", hold).build(),
                        shell("second", hold).build())
                .editSpec()
                .withNewResources()
                .addToLimits("memory", new Quantity("32Mi"))
                .addToRequests("memory", new Quantity("32Mi"))
                .endResources()
                .endSpec());
        node.await("shared", "one of two that need 20 MB each of 32 is ended", pod -> Stream.of("first", "second")
                .anyMatch(name -> NodeFixture.find(pod, name)
                        .map(status -> status.getState().getTerminated())
                        .filter(end -> end.getExitCode() == 137)
                        .isPresent()));
        node.delete("shared");
    }

    @Test
    void limitOfThePodAsAWholeChangesForItsRunningContainers() {
        node.create(whole(node.pod("whole", shell("main", TELL_LIMIT).build()), "32Mi"));
        node.awaitLog("whole", "main", Integer.toString(32 << 20));
        node.awaitReady("whole");
        node.api.update(
                ResourceType.PODS,
                whole(new PodBuilder(node.get("whole")), "64Mi").build());
        node.awaitLog("whole", "main", Integer.toString(64 << 20));
        node.awaitEvent("whole", "ResizeCompleted Resized pod whole");
        Pod pod = node.await(
                "whole", "resize told to be over", found -> found.getStatus().getResize() == null);
        assertThat(status(pod, "main").getRestartCount()).isZero();
        node.delete("whole");
    }

    private static PodBuilder whole(PodBuilder pod, String memory) {
        return pod.editSpec()
                .withNewResources()
                .addToLimits("memory", new Quantity(memory))
                .addToRequests("memory", new Quantity(memory))
                .endResources()
                .endSpec();
    }

    @Test
    void limitsOfARunningContainerChangeInItsCgroup() {
        node.create(node.pod(
                "resized",
                shell("main", TELL_LIMIT)
                        .withNewResources()
                        .addToLimits("memory", new Quantity("32Mi"))
                        .addToRequests("memory", new Quantity("32Mi"))
                        .endResources()
                        .build()));
        node.awaitLog("resized", "main", Integer.toString(32 << 20));
        node.awaitReady("resized");
        Pod grown = new PodBuilder(node.get("resized"))
                .editSpec()
                .editContainer(0)
                .editResources()
                .addToLimits("memory", new Quantity("64Mi"))
                .addToRequests("memory", new Quantity("64Mi"))
                .endResources()
                .endContainer()
                .endSpec()
                .build();
        node.api.update(ResourceType.PODS, grown);
        node.awaitLog("resized", "main", Integer.toString(64 << 20));
        Pod pod = node.await("resized", "resources reported", found -> NodeFixture.find(found, "main")
                .filter(status -> new Quantity("64Mi")
                        .equals(status.getResources().getLimits().get("memory")))
                .isPresent());
        assertThat(status(pod, "main").getRestartCount()).isZero();
    }

    private static void patch(String name, String patch) {
        node.api.patch(
                ResourceType.PODS,
                NodeFixture.NAMESPACE,
                name,
                "",
                PatchType.MERGE,
                patch.getBytes(StandardCharsets.UTF_8));
    }

    private static ContainerStateTerminated ended(Pod pod, String container) {
        return status(pod, container).getState().getTerminated();
    }
}
