package dev.keelson.node.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.node.NodeException;
import dev.keelson.node.runtime.ExecResult;
import dev.keelson.node.server.stream.Channels;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.WebSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StreamsTest {
    @AutoClose
    private final RunningServer server;

    StreamsTest(@TempDir Path directory) throws Exception {
        server = new RunningServer(directory);
    }

    @Test
    void execTellsOutputAndExitCode() throws Exception {
        server.runtime.onExec((_, command) -> new ExecResult(command.size(), "out", "err"));
        List<Buffer> messages = stream("/exec/shop/web/app?command=a&command=b&stdout=true&stderr=true");
        assertThat(text(messages, Channels.STDOUT)).isEqualTo("out");
        assertThat(text(messages, Channels.STDERR)).isEqualTo("err");
        assertThat(text(messages, Channels.ERROR))
                .contains("\"NonZeroExitCode\"")
                .contains("\"ExitCode\"")
                .contains("\"message\":\"2\"");
    }

    @Test
    void successIsAStatusToo() throws Exception {
        server.runtime.onExec((_, _) -> new ExecResult(0, "", ""));
        List<Buffer> messages = stream("/exec/shop/web/app?command=a&output=1");
        assertThat(text(messages, Channels.ERROR)).contains("\"status\":\"Success\"");
    }

    @Test
    void whatCannotBeRunIsToldOnTheErrorChannel() throws Exception {
        server.runtime.onExec((_, _) -> {
            throw new NodeException(NodeException.Kind.INVALID, "RunContainerError", "exec \"a\": no such file");
        });
        List<Buffer> messages = stream("/exec/shop/web/app?command=a&stdout=true");
        assertThat(text(messages, Channels.ERROR)).contains("no such file").contains("InternalError");
    }

    @Test
    void unknownContainerIsAnHttpAnswer() {
        RunningServer.Answer answer = server.get("api", "/exec/shop/web/other?command=a&stdout=true");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("no container other").contains("\"kind\":\"Status\"");
    }

    @Test
    void clientsThatHaveTextOnlyExecInBase64() throws Exception {
        server.runtime.onExec((_, command) -> new ExecResult(command.size(), "out", ""));
        String exec = "/exec/shop/web/app?command=a&command=b&stdout=true";
        assertThat(server.texts(exec, Channels.V4_BASE64)).contains("1b3V0").anyMatch(text -> text.startsWith("3"));
        // Before v4 an error is told by its text.
        String error = "command terminated with non-zero exit code: exit code 2";
        assertThat(server.texts(exec, Channels.V1_BASE64))
                .containsExactly("1", "1b3V0", "3" + RunningServer.base64(error));
    }

    @Test
    void olderClientsExecOverSpdy() throws Exception {
        server.runtime.onExec((_, _) -> new ExecResult(3, "out", "err"));
        try (Socket socket = server.tls("api")) {
            SpdyClient client = new SpdyClient(
                    socket,
                    spdy("/exec/shop/web/app?command=a&stdin=true&stdout=true&stderr=true&tty=false")
                            + "X-Stream-Protocol-Version: v9.channel.k8s.io\r\n"
                            + "X-Stream-Protocol-Version: v4.channel.k8s.io\r\n\r\n");
            assertThat(client.head())
                    .startsWith("HTTP/1.1 101 ")
                    .containsIgnoringCase("Upgrade: SPDY/3.1")
                    .containsIgnoringCase("X-Stream-Protocol-Version: v4.channel.k8s.io");
            client.open(1, "streamtype", "error");
            client.open(3, "streamtype", "stdin");
            client.open(5, "streamtype", "stdout");
            client.open(7, "streamtype", "stderr");
            client.send(3, "input", true);
            assertThat(client.textOf(1)).contains("\"NonZeroExitCode\"").contains("\"message\":\"3\"");
            assertThat(client.textOf(5)).isEqualTo("out");
            assertThat(client.textOf(7)).isEqualTo("err");
            assertThat(client.accepted()).isEqualTo(4);
        }
    }

    @Test
    void aClientThatStillSendsWhenTheProcessEndsHearsHowItEnded() throws Exception {
        server.runtime.onExec((_, _) -> new ExecResult(3, "", ""));
        try (Socket socket = server.tls("api")) {
            SpdyClient client = new SpdyClient(
                    socket,
                    spdy("/exec/shop/web/app?command=a&stdin=true")
                            + "X-Stream-Protocol-Version: v4.channel.k8s.io\r\n\r\n");
            client.head();
            client.open(1, "streamtype", "error");
            client.open(3, "streamtype", "stdin");
            // More than the connection holds while nobody reads it.
            for (int i = 0; i < 32; i++) {
                client.send(3, "x".repeat(1 << 20), false);
            }
            assertThat(client.textOf(1)).contains("\"NonZeroExitCode\"").contains("\"message\":\"3\"");
        }
    }

    @Test
    void aSizeThatComesBeforeTheProcessIsItsFirst() throws Exception {
        CountDownLatch sent = new CountDownLatch(1);
        server.runtime.onExec((_, _) -> {
            await(sent);
            return new ExecResult(0, "", "");
        });
        try (Socket socket = server.tls("api")) {
            SpdyClient client = new SpdyClient(
                    socket,
                    spdy("/exec/shop/web/app?command=a&stdout=true&tty=true")
                            + "X-Stream-Protocol-Version: v4.channel.k8s.io\r\n\r\n");
            client.head();
            client.open(1, "streamtype", "error");
            client.open(3, "streamtype", "stdout");
            client.open(5, "streamtype", "resize");
            client.send(5, "{\"Width\":80,\"Height\":24}\n", false);
            client.send(5, "{\"Width\":99,\"Height\":33}\n", false);
            client.ping();
            sent.countDown();
            assertThat(client.textOf(1)).contains("Success");
            assertThat(server.runtime.calls()).contains("resize 99x33").doesNotContain("resize 80x24");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void olderClientsForwardPortsOverSpdy() throws Exception {
        try (Socket socket = server.tls("api")) {
            SpdyClient client = new SpdyClient(
                    socket, spdy("/portForward/shop/web") + "X-Stream-Protocol-Version: portforward.k8s.io\r\n\r\n");
            assertThat(client.head()).startsWith("HTTP/1.1 101 ");
            client.open(1, "streamtype", "error", "port", "80", "requestid", "0");
            client.open(3, "streamtype", "data", "port", "80", "requestid", "0");
            client.send(3, "hello", false);
            assertThat(client.textOf(3, 5)).isEqualTo("hello");
        }
    }

    @Test
    void theEndOfWhatAForwardedClientSendsReachesThePortWhoseAnswerStillComes() throws Exception {
        try (Socket socket = server.tls("api")) {
            SpdyClient client = new SpdyClient(
                    socket, spdy("/portForward/shop/web") + "X-Stream-Protocol-Version: portforward.k8s.io\r\n\r\n");
            client.head();
            client.open(1, "streamtype", "error", "port", "80", "requestid", "0");
            client.open(3, "streamtype", "data", "port", "80", "requestid", "0");
            client.send(3, "hello", true);
            assertThat(client.textOf(3)).isEqualTo("hello");
            assertThat(client.textOf(1)).isEmpty();
        }
    }

    @Test
    void aSpdyProtocolThatNobodyKnowsIsRefused() throws Exception {
        try (Socket socket = server.tls("api")) {
            SpdyClient client =
                    new SpdyClient(socket, spdy("/portForward/shop/web") + "X-Stream-Protocol-Version: other\r\n\r\n");
            assertThat(client.head()).startsWith("HTTP/1.1 400 ");
        }
    }

    @Test
    void librariesForwardPortsOverWebSocketChannels() throws Exception {
        BlockingQueue<Buffer> messages = new LinkedBlockingQueue<>();
        // The handler is set on the event loop, before anything can arrive.
        WebSocket socket =
                RunningServer.result(server.webSocket("/portForward/shop/web?ports=80&ports=8080", Channels.V4)
                        .onSuccess(opened -> opened.binaryMessageHandler(messages::add)));
        assertThat(take(messages)).isEqualTo(new byte[] {0, 80, 0});
        assertThat(take(messages)).isEqualTo(new byte[] {1, 80, 0});
        assertThat(take(messages)).isEqualTo(new byte[] {2, (byte) 0x90, 0x1f});
        assertThat(take(messages)).isEqualTo(new byte[] {3, (byte) 0x90, 0x1f});
        socket.writeBinaryMessage(Buffer.buffer(new byte[] {2, 'h', 'i'}));
        assertThat(take(messages)).isEqualTo(new byte[] {2, 'h', 'i'});
        assertThat(server.request("api", HttpMethod.GET, "/portForward/shop/web?ports=80", Buffer.buffer())
                        .status())
                .isEqualTo(400);
        socket.close();
    }

    @Test
    void clientsThatHaveTextOnlyForwardPortsInBase64() throws Exception {
        BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        String ports = "ports=80,81,82,83,84,8080";
        WebSocket socket = RunningServer.result(server.webSocket("/portForward/shop/web?" + ports, Channels.V4_BASE64)
                .onSuccess(opened -> opened.textMessageHandler(messages::add)));
        List<String> greetings = new ArrayList<>();
        while (greetings.size() < 12) {
            greetings.add(messages.poll(20, TimeUnit.SECONDS));
        }
        // Ports are little-endian; the channel behind the tenth is ':', as that is the character behind '9'.
        String last = Base64.getEncoder().encodeToString(new byte[] {(byte) 0x90, 0x1f});
        assertThat(greetings).startsWith("0UAA=", "1UAA=").endsWith(":" + last, ";" + last);
        socket.writeTextMessage(":" + RunningServer.base64("hi"));
        assertThat(messages.poll(20, TimeUnit.SECONDS)).isEqualTo(":" + RunningServer.base64("hi"));
        socket.writeTextMessage("0" + RunningServer.base64("ho"));
        assertThat(messages.poll(20, TimeUnit.SECONDS)).isEqualTo("0" + RunningServer.base64("ho"));
        assertThat(server.refusal("/portForward/shop/web?ports=1" + ",1".repeat(39), Channels.V4_BASE64))
                .isEqualTo(400);
        socket.close();
    }

    private static byte[] take(BlockingQueue<Buffer> messages) throws InterruptedException {
        return messages.poll(20, TimeUnit.SECONDS).getBytes();
    }

    private static String spdy(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: n\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n";
    }

    /** Every message of a stream until the server closes it. */
    private List<Buffer> stream(String path) throws Exception {
        List<Buffer> messages = new ArrayList<>();
        CompletableFuture<List<Buffer>> closed = new CompletableFuture<>();
        server.webSocket(path, Channels.V5)
                .onSuccess(socket -> {
                    socket.binaryMessageHandler(messages::add);
                    socket.closeHandler(_ -> closed.complete(messages));
                })
                .onFailure(closed::completeExceptionally);
        return closed.get(20, TimeUnit.SECONDS);
    }

    private static String text(List<Buffer> messages, int channel) {
        StringBuilder text = new StringBuilder();
        messages.stream()
                .filter(message -> message.getByte(0) == channel)
                .forEach(message ->
                        text.append(new String(message.getBytes(1, message.length()), StandardCharsets.UTF_8)));
        return text.toString();
    }
}
