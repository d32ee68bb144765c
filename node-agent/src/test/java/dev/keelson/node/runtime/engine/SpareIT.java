package dev.keelson.node.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.node.runtime.PodSandbox;
import dev.keelson.node.runtime.PodSandboxConfig.NamespaceModes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The launcher makes namespaces for the next pod while it rests. */
class SpareIT extends EngineTest {
    private static final String SPARE = "keelson-spare";
    private static final String HOLDER = "keelson-holder";

    @Test
    void theNextPodTakesTheNamespacesThatWait() throws IOException {
        PodSandbox first = another();
        Path network = Files.readSymbolicLink(Path.of("/proc/" + spare() + "/ns/net"));

        sandbox();

        assertThat(Files.readSymbolicLink(pod().networkNamespace())).isEqualTo(network);
        assertThat(Files.readSymbolicLink(first.networkNamespace())).isNotEqualTo(network);
        assertThat(output(script("app", "hostname; cat /proc/sys/net/ipv4/ping_group_range")))
                .isEqualTo("web-0\n0\t65535\n");
        assertThat(spare()).isPositive();
    }

    @Test
    void whatWaitsEndsWithTheLauncher() {
        sandbox();
        int waiting = spare();

        fixture.keepers("keelson-launch").forEach(SpareIT::kill);

        EngineFixture.await(() -> ProcessHandle.of(waiting).isEmpty());
        assertThat(another().state()).isEqualTo(PodSandbox.State.READY);
    }

    @Test
    void aPodIsMadeWithoutOneThatHasDied() {
        sandbox();
        int waiting = spare();
        kill(waiting);
        EngineFixture.await(() -> ProcessHandle.of(waiting).isEmpty());

        assertThat(another().state()).isEqualTo(PodSandbox.State.READY);
    }

    @Test
    void aPodOfTheHostsNetworkIsNotGivenIt() throws IOException {
        another();
        int waiting = spare();

        sandbox(new NamespaceModes(true, false, false, false, false));

        assertThat(Files.readSymbolicLink(pod().networkNamespace()))
                .isEqualTo(Files.readSymbolicLink(Path.of("/proc/self/ns/net")));
        EngineFixture.await(() -> ProcessHandle.of(waiting).isEmpty());
    }

    private PodSandbox pod() {
        return runtime.listPodSandboxes().stream()
                .filter(sandbox -> sandbox.uid().equals(POD))
                .findFirst()
                .orElseThrow();
    }

    private PodSandbox another() {
        return runtime.runPodSandbox(CrashVictim.sandbox(root, CrashVictim.uid(1)));
    }

    /** The process in the namespaces that wait; one at most. A pod that had no spare has had such a process of its own before. */
    private int spare() {
        EngineFixture.await(() ->
                fixture.keepers(SPARE).size() == 1 && fixture.keepers(HOLDER).size() == 1);
        return fixture.keepers(HOLDER).getFirst();
    }

    private static void kill(int pid) {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
}
