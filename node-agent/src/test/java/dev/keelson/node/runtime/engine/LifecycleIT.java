package dev.keelson.node.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.node.runtime.ContainerStatus;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How containers start, end, and why they cannot start. */
class LifecycleIT extends EngineTest {

    @Test
    void stopSignalReachesTheProgram() {
        sandbox();
        ContainerStatus app =
                start(script("app", "trap 'echo bye; exit 5' TERM; echo up; while :; do sleep 0.02; done"));
        EngineFixture.await(() -> text(app).contains("up"));
        runtime.stopContainer(app.id(), Duration.ofSeconds(20));
        ContainerStatus stopped = runtime.containerStatus(app.id());
        assertThat(stopped.exit()).get().satisfies(exit -> {
            assertThat(exit.code()).isEqualTo(5);
            assertThat(exit.signal()).isZero();
        });
        assertThat(text(stopped)).endsWith("bye\n");
    }

    @Test
    void programThatDoesNotListenIsKilledWithItsChildren() {
        sandbox();
        ContainerStatus app = start(script("app", "trap '' TERM; sleep 1000 & sleep 1000 & wait"));
        runtime.stopContainer(app.id(), Duration.ofMillis(100));
        assertThat(runtime.containerStatus(app.id()).exit()).get().satisfies(exit -> {
            assertThat(exit.code()).isEqualTo(137);
            assertThat(exit.signal()).isEqualTo(9);
        });
    }

    @Test
    void programThatKillsItselfHasTheSignalInItsExit() {
        sandbox();
        ContainerStatus app = finish(start(script("app", "sh -c 'kill -SEGV $$'; exit $?")));
        assertThat(app.exit()).get().extracting(ContainerStatus.Exit::code).isEqualTo(139);
    }

    @Test
    void reasonsForNotStartingAreTold() throws Exception {
        sandbox();
        Files.writeString(fixture.layer.resolve("bin/data"), "not a program");
        Files.writeString(fixture.layer.resolve("bin/orphan"), "#!/bin/interpreter\n");
        fixture.layer.resolve("bin/orphan").toFile().setExecutable(true);
        assertStartFails("a", "exec \"nope\": executable file not found in $PATH", "nope");
        assertStartFails("b", "exec \"/bin/data\": permission denied", "/bin/data");
        assertStartFails("c", "interpreter or dynamic loader is missing", "/bin/orphan");
        fixture.layer.resolve("bin/data").toFile().setExecutable(true);
        assertStartFails("d", "not a program for this machine", "/bin/data");
        ContainerStatus nobody =
                runtime.createContainer(script("e", "id").user("nobody2").value());
        assertThatThrownBy(() -> runtime.startContainer(nobody.id()))
                .hasMessageContaining("user \"nobody2\" is not in the container's /etc/passwd");
        ContainerStatus volume = runtime.createContainer(
                script("f", "id").mount(root.resolve("missing"), "/data", false).value());
        assertThatThrownBy(() -> runtime.startContainer(volume.id()))
                .hasMessageContaining("missing\": no such file or directory");
    }

    private void assertStartFails(String name, String message, String... args) {
        ContainerStatus created =
                runtime.createContainer(script(name, "").args(args).value());
        assertThatThrownBy(() -> runtime.startContainer(created.id()))
                .hasMessageContaining(message)
                .hasMessageContaining("container " + name);
        assertThat(runtime.containerStatus(created.id()).exit()).get().satisfies(exit -> {
            assertThat(exit.code()).isEqualTo(128);
            assertThat(exit.reason()).isEqualTo("StartError");
            assertThat(exit.message()).contains(message);
        });
    }

    @Test
    void hostileConfigurationsAreRefused() {
        sandbox();
        assertThatThrownBy(() -> runtime.createContainer(
                        script("a", "id").mount(root, "../../etc", false).value()))
                .hasMessageContaining("must be absolute");
        assertThatThrownBy(() -> runtime.createContainer(
                        script("b", "id").mount(root, "/x/..", false).value()))
                .hasMessageContaining("below /");
        assertThatThrownBy(() -> runtime.createContainer(script("../evil", "id").value()))
                .hasMessageContaining("not a DNS name");
        assertThatThrownBy(() -> runtime.createContainer(
                        script("c", "id").args("/bin/echo", "a\0b").value()))
                .hasMessageContaining("NUL");
        assertThat(runtime.listContainers()).isEmpty();
    }

    @Test
    void containerThatJoinsAnothersProcessesSeesThemAndEndsWithThem() {
        sandbox();
        ContainerStatus app = start(script("app", "echo up; exec sleep 1234"));
        ContainerStatus looking =
                start(script("debugger", "ps; sleep 1000 & exec sleep 4321").processesOf(app));
        EngineFixture.await(() -> text(looking).contains("1 root     sleep 1234"));
        assertThat(exec(app, "ps")).contains("sleep 4321");
        assertThat(output(script("other", "ps"))).doesNotContain("1234");
        runtime.stopContainer(app.id(), Duration.ZERO);
        assertThat(finish(looking).exit())
                .get()
                .extracting(ContainerStatus.Exit::code)
                .isEqualTo(137);
        assertThatThrownBy(() -> start(script("late", "ps").processesOf(app)))
                .hasMessageContaining("the target container has ended");
    }

    @Test
    void processesOfTheTargetOutliveTheContainerThatLookedAtThem() {
        sandbox();
        ContainerStatus app = start(script("app", "exec sleep 1234"));
        finish(start(script("debugger", "sleep 4321 & exit 0").processesOf(app)));
        EngineFixture.await(() -> !exec(app, "ps").contains("sleep 4321"));
        assertThat(exec(app, "ps")).contains("sleep 1234");
    }

    @Test
    void manyContainersRunInOnePod() {
        sandbox();
        List<ContainerStatus> all = IntStream.range(0, 12)
                .mapToObj(i -> start(script("app-" + i, "hostname; exit " + i)))
                .toList();
        for (int i = 0; i < all.size(); i++) {
            ContainerStatus done = finish(all.get(i));
            assertThat(done.exit()).get().extracting(ContainerStatus.Exit::code).isEqualTo(i);
            assertThat(text(done)).isEqualTo("web-0\n");
        }
    }
}
