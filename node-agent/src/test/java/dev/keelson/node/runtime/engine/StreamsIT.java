package dev.keelson.node.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.linux.DuplexChannel;
import dev.keelson.node.NodeException;
import dev.keelson.node.runtime.ContainerStatus;
import dev.keelson.node.runtime.ExecResult;
import dev.keelson.node.runtime.StreamOptions;
import dev.keelson.node.runtime.StreamSession;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Exec, attach and port-forward: bytes in and out of a running container. */
class StreamsIT extends EngineTest {
    private static final StreamOptions ALL = new StreamOptions(true, true, true, false);
    private static final StreamOptions TERMINAL = new StreamOptions(true, true, false, true);

    @Test
    void streamsAreApartAndInputEnds() throws Exception {
        sandbox();
        ContainerStatus app = start(script("app", "sleep 1000"));
        try (StreamSession session =
                runtime.exec(app.id(), List.of("/bin/sh", "-c", "cat; echo oops >&2; exit 4"), ALL)) {
            session.stdin().write("over\n".getBytes(StandardCharsets.UTF_8));
            session.stdin().close();
            assertThat(session.stdout().readAllBytes()).asString().isEqualTo("over\n");
            assertThat(session.stderr().readAllBytes()).asString().isEqualTo("oops\n");
            assertThat(session.exitCode().get(20, TimeUnit.SECONDS)).isEqualTo(4);
        }
    }

    @Test
    void largeOutputArrivesWhole() throws Exception {
        sandbox();
        ContainerStatus app = start(script("app", "sleep 1000"));
        try (StreamSession session = runtime.exec(app.id(), List.of("/bin/head", "-c", "5000000", "/dev/zero"), ALL)) {
            assertThat(session.stdout().readAllBytes()).hasSize(5_000_000);
        }
    }

    @Test
    void terminalHasSizeAndCanBeResized() throws Exception {
        sandbox();
        ContainerStatus app = start(script("app", "sleep 1000"));
        try (StreamSession session = runtime.exec(app.id(), List.of("/bin/sh"), TERMINAL)) {
            session.resize(132, 50);
            session.stdin().write("tty; stty size; exit 6\n".getBytes(StandardCharsets.UTF_8));
            session.stdin().flush();
            String text = new String(session.stdout().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(text).contains("/dev/pts/0\r\n").contains("50 132\r\n");
            assertThat(session.exitCode().get(20, TimeUnit.SECONDS)).isEqualTo(6);
        }
    }

    /** While others flood, resize their terminals and hang up, every command gets its own input, whole, and its end. */
    @Test
    void manyCommandsAtOnceKeepTheirStreamsApart() throws Exception {
        sandbox();
        ContainerStatus app = start(script("app", "while :; do :; done").resources(memory(256 << 20)));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                String own = ("client " + i + "\n").repeat(2_000);
                answers.add(threads.submit(() -> echoed(app, own)));
                if (i % 4 == 0) {
                    threads.submit(() -> resized(app));
                    threads.submit(() -> hungUp(app));
                }
            }
            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).get(60, TimeUnit.SECONDS))
                        .isEqualTo(("client " + i + "\n").repeat(2_000) + i % 7);
            }
        }
        EngineFixture.await(() -> exec(app, "ps | grep -c '[y]es'").equals("0\n"));
    }

    private String echoed(ContainerStatus app, String text) throws Exception {
        int code = Integer.parseInt(text.lines().findFirst().orElseThrow().split(" ")[1]) % 7;
        try (StreamSession session = runtime.exec(app.id(), List.of("/bin/sh", "-c", "cat; exit " + code), ALL)) {
            Thread writer = Thread.ofVirtual().start(() -> {
                try (OutputStream in = session.stdin()) {
                    in.write(text.getBytes(StandardCharsets.UTF_8));
                } catch (IOException broken) {
                    throw new UncheckedIOException(broken);
                }
            });
            String answer = new String(session.stdout().readAllBytes(), StandardCharsets.UTF_8);
            writer.join();
            return answer + session.exitCode().get(20, TimeUnit.SECONDS);
        }
    }

    private Integer resized(ContainerStatus app) throws Exception {
        try (StreamSession session =
                runtime.exec(app.id(), List.of("/bin/sh", "-c", "sleep 0.2; stty size"), TERMINAL)) {
            for (int width = 80; width < 130; width++) {
                session.resize(width, 40);
            }
            session.stdout().readAllBytes();
            return session.exitCode().get(20, TimeUnit.SECONDS);
        }
    }

    private Void hungUp(ContainerStatus app) throws Exception {
        StreamSession session = runtime.exec(app.id(), List.of("/bin/yes"), ALL);
        session.stdout().readNBytes(100_000);
        session.close();
        return null;
    }

    @Test
    void closingASessionKillsItsCommand() throws IOException {
        sandbox();
        ContainerStatus app = start(script("app", "sleep 1000"));
        StreamSession session = runtime.exec(app.id(), List.of("/bin/sleep", "4321"), ALL);
        EngineFixture.await(() -> exec(app, "ps").contains("4321"));
        session.close();
        EngineFixture.await(() -> !exec(app, "ps").contains("4321"));
    }

    @Test
    void commandThatTakesTooLongIsKilled() {
        sandbox();
        ContainerStatus app = start(script("app", "sleep 1000"));
        assertThatThrownBy(() -> runtime.execSync(app.id(), List.of("/bin/sleep", "4321"), Duration.ofMillis(200)))
                .hasMessageContaining("timed out");
        EngineFixture.await(() -> !exec(app, "ps").contains("4321"));
    }

    @Test
    void outputOfProbesIsCutAndMissingCommandsAreNamed() {
        sandbox();
        ContainerStatus app = start(script("app", "sleep 1000"));
        ExecResult result =
                runtime.execSync(app.id(), List.of("/bin/sh", "-c", "yes | head -c 100000"), Duration.ofSeconds(20));
        assertThat(result.stdout()).hasSize(16 * 1024);
        assertThat(result.exitCode()).isZero();
        assertThatThrownBy(() -> runtime.execSync(app.id(), List.of("nope"), Duration.ofSeconds(20)))
                .hasMessageContaining("exec \"nope\": executable file not found in $PATH");
        assertThatThrownBy(() ->
                        runtime.execSync(app.id(), List.of("/bin/echo", "x".repeat(400_000)), Duration.ofSeconds(20)))
                .hasMessageContaining("container app");
    }

    @Test
    void commandsRunAsTheContainersUserInItsGroup() {
        sandbox();
        ContainerStatus app = start(script("app", "sleep 1000").user("bob").resources(memory(64 << 20)));
        assertThat(exec(app, "id -u; cat /proc/self/cgroup"))
                .startsWith("1000\n")
                .contains("memory:/\n")
                .doesNotContain("..");
        assertThat(exec(app, "cat /proc/self/status"))
                .contains("CapEff:\t0000000000000000")
                .contains("Seccomp:\t2");
    }

    @Test
    void attachedClientTalksToTheMainProcess() throws Exception {
        sandbox();
        ContainerStatus app = start(script("app", "read line; echo got $line; read line; echo end; exit 3")
                .stdinOnce());
        try (StreamSession session = runtime.attach(app.id(), ALL)) {
            session.stdin().write("hello\n".getBytes(StandardCharsets.UTF_8));
            InputStream output = session.stdout();
            assertThat(new String(output.readNBytes(10), StandardCharsets.UTF_8))
                    .isEqualTo("got hello\n");
            session.stdin().close();
            assertThat(output.readAllBytes()).asString().isEqualTo("end\n");
            assertThat(session.exitCode().get(20, TimeUnit.SECONDS)).isEqualTo(3);
        }
        assertThat(text(finish(app))).isEqualTo("got hello\nend\n");
    }

    @Test
    void inputForOneClientEndsWithIt() throws Exception {
        sandbox();
        ContainerStatus app = start(script("app", "while read line; do echo got $line; done; echo over")
                .stdinOnce());
        StreamSession session = runtime.attach(app.id(), ALL);
        session.stdin().write("once\n".getBytes(StandardCharsets.UTF_8));
        assertThat(new String(session.stdout().readNBytes(9), StandardCharsets.UTF_8))
                .isEqualTo("got once\n");
        session.close(); // Hangs up without saying that it has finished.
        assertThat(text(finish(app))).isEqualTo("got once\nover\n");
    }

    @Test
    void detachingLeavesTheProcessAlone() throws Exception {
        sandbox();
        ContainerStatus app =
                start(script("app", "while read line; do echo got $line; done").stdin());
        StreamSession first = runtime.attach(app.id(), ALL);
        first.stdin().close();
        first.close();
        try (StreamSession session = runtime.attach(app.id(), ALL)) {
            session.stdin().write("again\n".getBytes(StandardCharsets.UTF_8));
            assertThat(new String(session.stdout().readNBytes(10), StandardCharsets.UTF_8))
                    .isEqualTo("got again\n");
        }
        assertThat(runtime.containerStatus(app.id()).state()).isEqualTo(ContainerStatus.State.RUNNING);
    }

    @Test
    void containerWithTerminalLogsAndCanBeResized() throws Exception {
        sandbox();
        ContainerStatus app = start(
                script("app", "read line; for i in $(seq 500); do stty size | grep 40 && exit 2; sleep 0.01; done")
                        .tty());
        try (StreamSession session = runtime.attach(app.id(), TERMINAL)) {
            session.resize(100, 40);
            session.stdin().write("go\n".getBytes(StandardCharsets.UTF_8));
            assertThat(session.stdout().readAllBytes()).asString().contains("40 100\r\n");
            assertThat(session.exitCode().get(20, TimeUnit.SECONDS)).isEqualTo(2);
        }
        assertThat(Files.readString(app.logFile())).contains("40 100\r\n");
    }

    @Test
    void portsOfThePodCanBeReached() throws Exception {
        sandbox();
        ContainerStatus app = start(
                script("app", "echo hello > /tmp/index.html; httpd -p 127.0.0.1:8080 -h /tmp; echo up; sleep 1000"));
        EngineFixture.await(() -> text(app).contains("up"));
        try (ByteChannel channel = runtime.portForward(POD, 8080)) {
            channel.write(ByteBuffer.wrap("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.UTF_8)));
            ByteBuffer answer = ByteBuffer.allocate(65536);
            while (channel.read(answer) >= 0) {
                assertThat(answer.hasRemaining()).isTrue();
            }
            assertThat(new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8))
                    .contains(" 200 OK")
                    .endsWith("hello\n");
        }
        assertThatThrownBy(() -> runtime.portForward(POD, 8081)).hasMessageContaining("port 8081");
    }

    @Test
    void aConnectionsInputEndsAndItsOutputGoesOn() throws Exception {
        sandbox();
        start(script("app", "nc -l -p 8080 -e cat"));
        try (DuplexChannel channel = connected(8080)) {
            channel.write(ByteBuffer.wrap("over".getBytes(StandardCharsets.UTF_8)));
            channel.shutdownOutput();
            assertThat(new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("over");
        }
    }

    /** The program takes a moment until it listens, and this one is there for one connection. */
    private DuplexChannel connected(int port) {
        AtomicReference<DuplexChannel> channel = new AtomicReference<>();
        EngineFixture.await(() -> {
            try {
                channel.set(runtime.portForward(POD, port));
                return true;
            } catch (NodeException refused) {
                return false;
            }
        });
        return channel.get();
    }
}
