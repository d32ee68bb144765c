package dev.keelson.node.server;

import dev.keelson.node.NodeException;
import dev.keelson.node.image.ImageService;
import dev.keelson.node.runtime.RuntimeService;
import dev.keelson.node.server.stream.Channels;
import dev.keelson.node.stats.StatsCollector;
import io.fabric8.kubernetes.api.model.PodListBuilder;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * The node's HTTPS API: the part of the kubelet's that an API server and scrapers call, and Keelson's image API. Who may call
 * is {@link CallerCheck}'s.
 */
public final class KubeletServer implements AutoCloseable {
    private static final int LARGEST_MESSAGE = 64 * 1024 * 1024;
    private static final int LARGEST_FRAME = 1024 * 1024;
    /** Nothing is served out of an archive: no directory for copies, which would outlive an agent that is killed. */
    private static final FileSystemOptions NO_COPIES =
            new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false);

    private final Vertx vertx;
    private final HttpServer server;

    private KubeletServer(Vertx vertx, HttpServer server) {
        this.vertx = vertx;
        this.server = server;
    }

    /** Listens; fails with {@code CONFLICT} when the port is taken. */
    public static KubeletServer start(
            ServerConfig config,
            NodeView node,
            RuntimeService runtime,
            ImageService images,
            StatsCollector stats,
            CallerReviews reviews,
            InstantSource clock) {
        Vertx vertx = Vertx.vertx(
                new VertxOptions().setEventLoopPoolSize(2).setWorkerPoolSize(1).setFileSystemOptions(NO_COPIES));
        Router router = Router.router(vertx);
        router.route().handler(new CallerCheck(reviews)::admit);
        router.get("/healthz").handler(context -> Answers.text(context.response(), "ok"));
        router.get("/pods").handler(context -> pods(context, node));
        new LogRoutes(node, runtime, clock).mount(router);
        new StreamRoutes(node, runtime).mount(router);
        new PortForwardRoutes(node, runtime).mount(router);
        new ImageRoutes(images).mount(router);
        new StatsRoutes(stats).mount(router);
        router.route()
                .last()
                .handler(context -> Answers.refuse(
                        context.response(), 404, "NotFound", "this node does not serve " + context.normalizedPath()));
        HttpServer server = vertx.createHttpServer(options(config)).requestHandler(router);
        try {
            server.listen().toCompletionStage().toCompletableFuture().get();
        } catch (ExecutionException refused) {
            vertx.close();
            throw new NodeException(
                    NodeException.Kind.CONFLICT,
                    "PortUnavailable",
                    "cannot listen on %s:%d: %s".formatted(config.address(), config.port(), refused.getCause()),
                    refused);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            vertx.close();
            throw new NodeException(NodeException.Kind.TRANSIENT, "Interrupted", "interrupted while starting");
        }
        return new KubeletServer(vertx, server);
    }

    private static HttpServerOptions options(ServerConfig config) {
        return new HttpServerOptions()
                .setHost(config.address())
                .setPort(config.port())
                .setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertPath(config.certificate().toString())
                        .setKeyPath(config.key().toString()))
                .setTrustOptions(new PemTrustOptions()
                        .addCertPath(config.certificateAuthority().toString()))
                .setClientAuth(ClientAuth.REQUEST)
                .setWebSocketSubProtocols(List.of(
                        Channels.V5,
                        Channels.V4,
                        Channels.V4_BASE64,
                        Channels.V1,
                        Channels.V1_BASE64,
                        LogRoutes.BINARY,
                        LogRoutes.BASE64,
                        PortForwardRoutes.SUBPROTOCOL))
                .setMaxWebSocketFrameSize(LARGEST_FRAME)
                .setMaxWebSocketMessageSize(LARGEST_MESSAGE)
                .setTcpNoDelay(true);
    }

    private static void pods(RoutingContext context, NodeView node) {
        Routes.blocking(
                context,
                () -> Answers.json(
                        context.response(),
                        new PodListBuilder().withItems(node.pods()).build()));
    }

    /** The port that is listened on. */
    public int port() {
        return server.actualPort();
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
