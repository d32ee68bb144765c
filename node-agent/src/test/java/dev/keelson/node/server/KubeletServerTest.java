package dev.keelson.node.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.node.NodeException;
import dev.keelson.node.TestCertificates;
import dev.keelson.node.pod.ManualClock;
import dev.keelson.node.runtime.ContainerConfig;
import dev.keelson.node.runtime.ContainerStatus;
import dev.keelson.node.runtime.ExecResult;
import dev.keelson.node.runtime.FakeRuntime;
import dev.keelson.node.runtime.PodSandboxConfig;
import dev.keelson.node.runtime.Resources;
import dev.keelson.node.server.stream.Channels;
import dev.keelson.node.stats.MachineUse;
import dev.keelson.node.stats.PodFacts;
import dev.keelson.node.stats.StatsCollector;
import io.fabric8.kubernetes.api.model.Pod;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KubeletServerTest {
    private Path directory;
    private final Vertx vertx = Vertx.vertx();
    private final FakeRuntime runtime = new FakeRuntime(new ManualClock());
    private final FakeImages images = new FakeImages();
    private TestCertificates certificates;
    private KubeletServer server;
    private String containerId;

    @BeforeAll
    void start(@TempDir Path shared) throws Exception {
        directory = shared;
        certificates = new TestCertificates(directory)
                .issue("node", "/O=system:nodes/CN=system:node:n")
                .issue("api", "/O=system:masters/CN=kube-apiserver-kubelet-client")
                .issue("stranger", "/CN=system:kube-controller-manager");
        runtime.runPodSandbox(new PodSandboxConfig(
                "uid",
                "shop",
                "web",
                "web",
                directory,
                PodSandboxConfig.NamespaceModes.PRIVATE,
                Map.of(),
                Resources.NONE));
        containerId = runtime.createContainer(new ContainerConfig(
                        "uid",
                        "app",
                        0,
                        "image",
                        "sha256:1",
                        List.of(),
                        List.of(FakeRuntime.RUN),
                        List.of(),
                        "",
                        "",
                        List.of(),
                        List.of(),
                        directory.resolve("0.log"),
                        new ContainerConfig.Stdio(true, true, false),
                        "SIGTERM",
                        ContainerConfig.Security.DEFAULT,
                        Resources.NONE,
                        Optional.empty()))
                .id();
        runtime.startContainer(containerId);
        server = KubeletServer.start(
                new ServerConfig(
                        "127.0.0.1",
                        0,
                        certificates.file("ca.crt"),
                        certificates.file("node.crt"),
                        certificates.file("node.key")),
                new View(),
                runtime,
                images,
                new StatsCollector(
                        "n",
                        List::of,
                        runtime,
                        () -> MachineUse.read(directory, directory),
                        PodFacts.NONE,
                        Clock.systemUTC()),
                new Reviews(),
                Clock.systemUTC());
    }

    @AfterAll
    void stop() throws Exception {
        server.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private final class View implements NodeView {
        @Override
        public List<Pod> pods() {
            return List.of();
        }

        @Override
        public String podUid(String namespace, String pod) {
            return "uid";
        }

        @Override
        public ContainerStatus newestRun(String namespace, String pod, String container) {
            return running(namespace, pod, container);
        }

        @Override
        public java.nio.file.Path previousLog(String namespace, String pod, String container) {
            throw new NodeException(NodeException.Kind.INVALID, "BadRequest", "no previous run");
        }

        @Override
        public ContainerStatus running(String namespace, String pod, String container) {
            if (!container.equals("app")) {
                throw new NodeException(NodeException.Kind.INVALID, "BadRequest", "no container " + container);
            }
            return runtime.containerStatus(containerId);
        }
    }

    @Test
    void onlyTheApiServerAndAdministratorsMayCall() throws Exception {
        assertThat(get("api", "/healthz").body).isEqualTo("ok");
        assertThat(get("stranger", "/healthz").status).isEqualTo(403);
        assertThat(trusted("CN=system:node:x,O=system:nodes")).isFalse();
        assertThat(trusted("CN=kubernetes-admin,O=system:masters")).isTrue();
        assertThat(trusted("CN=x,OU=system:masters")).isFalse();
        assertThat(trusted("O=nobody")).isFalse();
    }

    private static boolean trusted(String subject) {
        return CallerCheck.caller(subject).filter(CallerCheck::trusted).isPresent();
    }

    /** A cluster in which {@code scraper} may see metrics, and whose token is his name. */
    private static final class Reviews implements CallerReviews {
        @Override
        public Optional<Caller> owner(String token) {
            return token.equals("scraper") || token.equals("other")
                    ? Optional.of(new Caller(token, List.of("system:authenticated")))
                    : Optional.empty();
        }

        @Override
        public boolean allows(Caller caller, String verb, String part) {
            return caller.user().equals("scraper") && verb.equals("get") && part.equals("metrics");
        }
    }

    @Test
    void scrapersWithATokenAreLetInAsFarAsTheyMay() throws Exception {
        assertThat(withToken("scraper", "/metrics/resource").body).contains("node_cpu_usage_seconds_total");
        assertThat(withToken("scraper", "/stats/summary").body)
                .contains("Forbidden (user=scraper, verb=get, resource=nodes, subresource=stats)");
        assertThat(withToken("scraper", "/pods").status).isEqualTo(403);
        assertThat(withToken("other", "/metrics/cadvisor").status).isEqualTo(403);
        assertThat(withToken("nobody", "/metrics/resource").status).isEqualTo(401);
        assertThat(withToken("", "/healthz").status).isEqualTo(401);
    }

    @Test
    void execTellsOutputAndExitCode() throws Exception {
        runtime.onExec((_, command) -> new ExecResult(command.size(), "out", "err"));
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
        runtime.onExec((_, _) -> new ExecResult(0, "", ""));
        List<Buffer> messages = stream("/exec/shop/web/app?command=a&output=1");
        assertThat(text(messages, Channels.ERROR)).contains("\"status\":\"Success\"");
    }

    @Test
    void whatCannotBeRunIsToldOnTheErrorChannel() throws Exception {
        runtime.onExec((_, _) -> {
            throw new NodeException(NodeException.Kind.INVALID, "RunContainerError", "exec \"a\": no such file");
        });
        List<Buffer> messages = stream("/exec/shop/web/app?command=a&stdout=true");
        assertThat(text(messages, Channels.ERROR)).contains("no such file").contains("InternalError");
    }

    @Test
    void unknownContainerIsAnHttpAnswer() throws Exception {
        Answer answer = get("api", "/exec/shop/web/other?command=a&stdout=true");
        assertThat(answer.status).isEqualTo(400);
        assertThat(answer.body).contains("no container other").contains("\"kind\":\"Status\"");
    }

    @Test
    void logsAreServedAndWrongParametersNamed() throws Exception {
        runtime.print(containerId, "hello");
        assertThat(get("api", "/containerLogs/shop/web/app?tailLines=1").body).isEqualTo("hello\n");
        assertThat(get("api", "/containerLogs/shop/web/app?tailLines=x").body).contains("tailLines=x");
        assertThat(get("api", "/containerLogs/shop/web/app?previous=true").status)
                .isEqualTo(400);
    }

    @Test
    void clientsThatHaveTextOnlyExecAndReadLogsInBase64() throws Exception {
        runtime.onExec((_, command) -> new ExecResult(command.size(), "out", ""));
        String exec = "/exec/shop/web/app?command=a&command=b&stdout=true";
        assertThat(texts(exec, Channels.V4_BASE64)).contains("1b3V0").anyMatch(text -> text.startsWith("3"));
        // Before v4 an error is told by its text.
        String error = "command terminated with non-zero exit code: exit code 2";
        assertThat(texts(exec, Channels.V1_BASE64)).containsExactly("1", "1b3V0", "3" + base64(error));
        runtime.print(containerId, "hello");
        assertThat(texts("/containerLogs/shop/web/app?tailLines=1&limitBytes=6", LogRoutes.BASE64))
                .containsExactly("", base64("hello\n"));
        assertThat(webSocket("/containerLogs/shop/web/app?tailLines=x", LogRoutes.BINARY)
                        .toCompletionStage()
                        .toCompletableFuture())
                .failsWithin(20, TimeUnit.SECONDS)
                .withThrowableThat()
                .withMessageContaining("400");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Every text message until the server closes. */
    private List<String> texts(String path, String subprotocol) throws Exception {
        List<String> messages = new ArrayList<>();
        CompletableFuture<List<String>> closed = new CompletableFuture<>();
        webSocket(path, subprotocol)
                .onSuccess(socket -> {
                    socket.textMessageHandler(messages::add);
                    socket.closeHandler(_ -> closed.complete(messages));
                })
                .onFailure(closed::completeExceptionally);
        return closed.get(20, TimeUnit.SECONDS);
    }

    @Test
    void olderClientsExecOverSpdy() throws Exception {
        runtime.onExec((_, _) -> new ExecResult(3, "out", "err"));
        try (Socket socket = tls("api")) {
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
    void aSizeThatComesBeforeTheProcessIsItsFirst() throws Exception {
        CountDownLatch sent = new CountDownLatch(1);
        runtime.onExec((_, _) -> {
            await(sent);
            return new ExecResult(0, "", "");
        });
        try (Socket socket = tls("api")) {
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
            assertThat(runtime.calls()).contains("resize 99x33").doesNotContain("resize 80x24");
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
        try (Socket socket = tls("api")) {
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
        try (Socket socket = tls("api")) {
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
        try (Socket socket = tls("api")) {
            SpdyClient client =
                    new SpdyClient(socket, spdy("/portForward/shop/web") + "X-Stream-Protocol-Version: other\r\n\r\n");
            assertThat(client.head()).startsWith("HTTP/1.1 400 ");
        }
    }

    @Test
    void librariesForwardPortsOverWebSocketChannels() throws Exception {
        BlockingQueue<Buffer> messages = new LinkedBlockingQueue<>();
        // The handler is set on the event loop, before anything can arrive.
        WebSocket socket = webSocket("/portForward/shop/web?ports=80&ports=8080", Channels.V4)
                .onSuccess(opened -> opened.binaryMessageHandler(messages::add))
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        assertThat(take(messages)).isEqualTo(new byte[] {0, 80, 0});
        assertThat(take(messages)).isEqualTo(new byte[] {1, 80, 0});
        assertThat(take(messages)).isEqualTo(new byte[] {2, (byte) 0x90, 0x1f});
        assertThat(take(messages)).isEqualTo(new byte[] {3, (byte) 0x90, 0x1f});
        socket.writeBinaryMessage(Buffer.buffer(new byte[] {2, 'h', 'i'}));
        assertThat(take(messages)).isEqualTo(new byte[] {2, 'h', 'i'});
        assertThat(request("api", HttpMethod.GET, "/portForward/shop/web?ports=80", Buffer.buffer()).status)
                .isEqualTo(400);
        socket.close();
    }

    @Test
    void clientsThatHaveTextOnlyForwardPortsInBase64() throws Exception {
        BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        String ports = "ports=80,81,82,83,84,8080";
        WebSocket socket = webSocket("/portForward/shop/web?" + ports, Channels.V4_BASE64)
                .onSuccess(opened -> opened.textMessageHandler(messages::add))
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        List<String> greetings = new ArrayList<>();
        while (greetings.size() < 12) {
            greetings.add(messages.poll(20, TimeUnit.SECONDS));
        }
        // Ports are little-endian; the channel behind the tenth is ':', as that is the character behind '9'.
        String last = Base64.getEncoder().encodeToString(new byte[] {(byte) 0x90, 0x1f});
        assertThat(greetings).startsWith("0UAA=", "1UAA=").endsWith(":" + last, ";" + last);
        socket.writeTextMessage(":" + base64("hi"));
        assertThat(messages.poll(20, TimeUnit.SECONDS)).isEqualTo(":" + base64("hi"));
        socket.writeTextMessage("0" + base64("ho"));
        assertThat(messages.poll(20, TimeUnit.SECONDS)).isEqualTo("0" + base64("ho"));
        assertThat(webSocket("/portForward/shop/web?ports=1" + ",1".repeat(39), Channels.V4_BASE64)
                        .toCompletionStage()
                        .toCompletableFuture())
                .failsWithin(20, TimeUnit.SECONDS)
                .withThrowableThat()
                .withMessageContaining("400");
        socket.close();
    }

    private static byte[] take(BlockingQueue<Buffer> messages) throws InterruptedException {
        return messages.poll(20, TimeUnit.SECONDS).getBytes();
    }

    private static String spdy(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: n\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n";
    }

    private Socket tls(String identity) throws Exception {
        JdkSslContext context = (JdkSslContext) SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .keyManager(
                        certificates.file(identity + ".crt").toFile(),
                        certificates.file(identity + ".key").toFile())
                .trustManager(certificates.file("ca.crt").toFile())
                .build();
        Socket socket = context.context().getSocketFactory().createSocket("127.0.0.1", server.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    @Test
    void uploadsOfAnySizeAreStreamed() throws Exception {
        byte[] archive = new byte[20 << 20];
        Answer answer = request("api", HttpMethod.POST, "/images/load", Buffer.buffer(archive));
        assertThat(answer.status).isEqualTo(200);
        assertThat(images.loaded).isEqualTo(archive.length);
    }

    private record Answer(int status, String body) {}

    private Answer get(String identity, String path) throws Exception {
        return request(identity, HttpMethod.GET, path, Buffer.buffer());
    }

    private Answer request(String identity, HttpMethod method, String path, Buffer body) throws Exception {
        HttpClient client = vertx.createHttpClient(options(identity));
        Future<Answer> answer = client.request(method, path)
                .compose(request -> request.send(body))
                .compose(response -> response.body().map(text -> new Answer(response.statusCode(), text.toString())));
        return answer.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    /** Without a certificate; an empty token is none. */
    private Answer withToken(String token, String path) throws Exception {
        HttpClient client = vertx.createHttpClient(plain());
        Future<Answer> answer = client.request(HttpMethod.GET, path)
                .compose(request ->
                        (token.isEmpty() ? request : request.putHeader("Authorization", "Bearer " + token)).send())
                .compose(response -> response.body().map(text -> new Answer(response.statusCode(), text.toString())));
        return answer.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private HttpClientOptions options(String identity) {
        return plain().setKeyCertOptions(new PemKeyCertOptions()
                .setCertPath(certificates.file(identity + ".crt").toString())
                .setKeyPath(certificates.file(identity + ".key").toString()));
    }

    private HttpClientOptions plain() {
        return new HttpClientOptions()
                .setDefaultHost("127.0.0.1")
                .setDefaultPort(server.port())
                .setSsl(true)
                .setVerifyHost(false)
                .setTrustOptions(new PemTrustOptions()
                        .addCertPath(certificates.file("ca.crt").toString()));
    }

    /** Every message of a stream until the server closes it. */
    private List<Buffer> stream(String path) throws Exception {
        List<Buffer> messages = new ArrayList<>();
        CompletableFuture<List<Buffer>> closed = new CompletableFuture<>();
        webSocket(path, Channels.V5)
                .onSuccess(socket -> {
                    socket.binaryMessageHandler(messages::add);
                    socket.closeHandler(_ -> closed.complete(messages));
                })
                .onFailure(closed::completeExceptionally);
        return closed.get(20, TimeUnit.SECONDS);
    }

    private Future<WebSocket> webSocket(String path, String subprotocol) {
        HttpClientOptions identity = options("api");
        return vertx.createWebSocketClient(new WebSocketClientOptions()
                        .setSsl(true)
                        .setVerifyHost(false)
                        .setKeyCertOptions(identity.getKeyCertOptions())
                        .setTrustOptions(identity.getTrustOptions()))
                .connect(new WebSocketConnectOptions()
                        .setHost("127.0.0.1")
                        .setPort(server.port())
                        .setSsl(true)
                        .setURI(path)
                        .addSubProtocol(subprotocol));
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
