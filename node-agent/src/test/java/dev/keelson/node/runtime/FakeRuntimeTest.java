package dev.keelson.node.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class FakeRuntimeTest extends RuntimeServiceContract {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);

    @Override
    protected RuntimeService open() {
        return new FakeRuntime(CLOCK);
    }

    @Override
    protected List<Path> layers() {
        return List.of();
    }

    @Override
    protected List<String> runs() {
        return List.of(FakeRuntime.RUN);
    }

    @Override
    protected List<String> exits(int code) {
        return List.of(FakeRuntime.EXIT, Integer.toString(code));
    }

    @Override
    protected List<String> prints(String text) {
        return List.of(FakeRuntime.PRINT, text);
    }

    @Override
    protected List<String> missing() {
        return List.of(FakeRuntime.MISSING);
    }

    @Override
    protected void await(BooleanSupplier condition) {
        assertThat(condition.getAsBoolean()).isTrue();
    }

    @Test
    void rebootLosesSandboxesAndKeepsRecords() {
        ContainerStatus status = run("app", runs());
        ((FakeRuntime) runtime).reboot();
        assertThat(exitOf(status.id()))
                .get()
                .extracting(ContainerStatus.Exit::code)
                .isEqualTo(255);
        assertThat(runtime.listPodSandboxes())
                .extracting(PodSandbox::state)
                .containsExactly(PodSandbox.State.NOT_READY);
    }
}
