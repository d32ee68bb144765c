package dev.keelson.node.server;

import dev.keelson.node.NodeException;
import dev.keelson.node.TestCertificates;
import dev.keelson.node.pod.ManualClock;
import dev.keelson.node.runtime.ContainerConfig;
import dev.keelson.node.runtime.ContainerStatus;
import dev.keelson.node.runtime.FakeRuntime;
import dev.keelson.node.runtime.PodSandboxConfig;
import dev.keelson.node.runtime.Resources;
import dev.keelson.node.stats.MachineUse;
import dev.keelson.node.stats.PodFacts;
import dev.keelson.node.stats.StatsCollector;
import io.fabric8.kubernetes.api.model.Pod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.UpgradeRejectedException;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A server of a node on which one pod's container runs: shop/web with app. */
final class RunningServer implements AutoCloseable {
    final FakeRuntime runtime = new FakeRuntime(new ManualClock());
    final FakeImages images = new FakeImages();
    final String containerId;
    private final Vertx vertx = Vertx.vertx();
    private final TestCertificates certificates;
    private final KubeletServer server;

    record Answer(int status, String body) {}

    /** @param directory where its certificates and logs are */
    RunningServer(Path directory) throws Exception {
        certificates = new TestCertificates(directory)
                .issue("node", "/O=system:nodes/CN=system:node:n")
                .issue("api", "/O=system:masters/CN=kube-apiserver-kubelet-client")
                .issue("stranger", "/CN=system:kube-controller-manager");
        containerId = startContainer(directory);
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

    private String startContainer(Path directory) {
        runtime.runPodSandbox(new PodSandboxConfig(
                "uid",
                "shop",
                "web",
                "web",
                directory,
                PodSandboxConfig.NamespaceModes.PRIVATE,
                Map.of(),
                Resources.NONE));
        String id = runtime.createContainer(new ContainerConfig(
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
        runtime.startContainer(id);
        return id;
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
        public Path previousLog(String namespace, String pod, String container) {
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

    Answer get(String identity, String path) {
        return request(identity, HttpMethod.GET, path, Buffer.buffer());
    }

    Answer request(String identity, HttpMethod method, String path, Buffer body) {
        return send(options(identity), method, path, Map.of(), body);
    }

    /** Without a certificate; an empty token is none. */
    Answer withToken(String token, String path) {
        Map<String, String> headers = token.isEmpty() ? Map.of() : Map.of("Authorization", "Bearer " + token);
        return send(plain(), HttpMethod.GET, path, headers, Buffer.buffer());
    }

    private Answer send(
            HttpClientOptions options, HttpMethod method, String path, Map<String, String> headers, Buffer body) {
        HttpClient client = vertx.createHttpClient(options);
        return result(client.request(method, path)
                .compose(request -> {
                    headers.forEach(request::putHeader);
                    return request.send(body);
                })
                .compose(response -> response.body().map(text -> new Answer(response.statusCode(), text.toString()))));
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

    Socket tls(String identity) throws Exception {
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

    Future<WebSocket> webSocket(String path, String subprotocol) {
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

    /** The status with which the WebSocket is refused. */
    int refusal(String path, String subprotocol) {
        return result(webSocket(path, subprotocol)
                .map(_ -> HttpResponseStatus.SWITCHING_PROTOCOLS.code())
                .otherwise(refused -> ((UpgradeRejectedException) refused).getStatus()));
    }

    /** Every text message until the server closes. */
    List<String> texts(String path, String subprotocol) throws Exception {
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

    static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    static <T> T result(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    @Override
    public void close() {
        server.close();
        result(vertx.close());
    }
}
