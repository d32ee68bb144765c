package dev.keelson.cni.none;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.cni.driver.NetworkDriver;
import dev.keelson.cni.driver.NetworkDriverContract;
import dev.keelson.cni.driver.NetworkException;
import dev.keelson.cni.driver.PortBinding;
import dev.keelson.cni.fixture.TestPod;
import dev.keelson.linux.net.nft.Protocol;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NoneDriverIT extends NetworkDriverContract {
    private final NoneDriver driver = new NoneDriver();
    private final Map<String, TestPod> pods = new HashMap<>();

    @AfterEach
    void close() {
        pods.values().forEach(TestPod::close);
    }

    @Test
    void theSandboxHasALoopbackDevice() {
        namespaceOf("a");
        TestPod pod = pods.get("a");
        pod.serveTcp(80);

        driver.connect(NETWORK, pod.sandbox());

        assertThat(pod.ask("127.0.0.1", 80)).isEqualTo("a@127.0.0.1");
    }

    @Test
    void aHostPortMakesNoSense() {
        namespaceOf("a");
        PortBinding port = new PortBinding(Protocol.TCP, Optional.empty(), 80, 80);

        assertThatThrownBy(() -> driver.connect(NETWORK, pods.get("a").sandbox(port)))
                .isInstanceOf(NetworkException.class)
                .hasMessageContaining("default/a asks for host port TCP *:80 but has no network");
    }

    @Override
    protected NetworkDriver driver() {
        return driver;
    }

    @Override
    protected Path namespaceOf(String pod) {
        return pods.computeIfAbsent(pod, TestPod::named).namespace().path();
    }
}
