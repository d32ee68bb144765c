package dev.keelson.node.runtime.engine;

import dev.keelson.node.runtime.RuntimeService;
import dev.keelson.node.runtime.RuntimeServiceContract;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.io.TempDir;

/** The contract of the seam, kept by the real engine on the real kernel. */
class LauncherRuntimeContractIT extends RuntimeServiceContract {
    @TempDir
    Path root;

    private EngineFixture fixture;

    @Override
    protected RuntimeService open() throws Exception {
        fixture = new EngineFixture(root);
        return fixture.open();
    }

    @Override
    protected void cleanUp() {
        fixture.close();
    }

    @Override
    protected List<Path> layers() {
        return List.of(fixture.layer);
    }

    @Override
    protected List<String> runs() {
        return List.of("/bin/sleep", "1000");
    }

    @Override
    protected List<String> exits(int code) {
        return List.of("/bin/sh", "-c", "exit " + code);
    }

    @Override
    protected List<String> prints(String text) {
        return List.of("/bin/echo", text);
    }

    @Override
    protected List<String> missing() {
        return List.of("/bin/nothing-here");
    }

    @Override
    protected void await(BooleanSupplier condition) {
        EngineFixture.await(condition);
    }
}
