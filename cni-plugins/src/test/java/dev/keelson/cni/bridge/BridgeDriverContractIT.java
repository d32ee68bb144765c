package dev.keelson.cni.bridge;

import dev.keelson.cni.driver.NetworkDriver;
import dev.keelson.cni.driver.NetworkDriverContract;
import dev.keelson.cni.fixture.TestHost;
import dev.keelson.cni.fixture.TestPod;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class BridgeDriverContractIT extends NetworkDriverContract {
    @TempDir
    Path state;

    private final Map<String, TestPod> pods = new HashMap<>();
    private TestHost host;
    private BridgeDriver driver;

    @BeforeEach
    void open() {
        host = TestHost.create(false);
        driver = new BridgeDriver(host.namespace(), state);
    }

    @AfterEach
    void close() {
        driver.close();
        host.close();
    }

    @Override
    protected NetworkDriver driver() {
        return driver;
    }

    @Override
    protected Path namespaceOf(String pod) {
        return pods.computeIfAbsent(pod, host::pod).namespace().path();
    }
}
