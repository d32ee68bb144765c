package dev.keelson.node.server;

import dev.keelson.crds.stream.UnreadPings;
import dev.keelson.node.NodeException;
import dev.keelson.node.runtime.ContainerStatus;
import dev.keelson.node.runtime.RuntimeService;
import dev.keelson.node.runtime.StreamOptions;
import dev.keelson.node.runtime.StreamSession;
import dev.keelson.node.server.stream.Channels;
import dev.keelson.node.server.stream.SpdyBridge;
import dev.keelson.node.server.stream.StreamBridge;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

/** {@code /exec} and {@code /attach}: opens the streams first, so that what cannot be done is an HTTP answer. */
final class StreamRoutes {
    /** They differ in the stream for terminal sizes, which came with v3, and in how errors are told. */
    private static final List<String> SPDY_VERSIONS =
            List.of(Channels.V4, "v3.channel.k8s.io", "v2.channel.k8s.io", "channel.k8s.io");

    private static final Set<String> RESIZABLE = Set.of(Channels.V4, "v3.channel.k8s.io");

    private final NodeView node;
    private final RuntimeService runtime;

    StreamRoutes(NodeView node, RuntimeService runtime) {
        this.node = node;
        this.runtime = runtime;
    }

    void mount(Router router) {
        router.route("/exec/:namespace/:pod/:container").handler(this::exec);
        router.route("/attach/:namespace/:pod/:container").handler(this::attach);
    }

    private void exec(RoutingContext context) {
        List<String> command = context.queryParams().getAll("command");
        serve(context, options -> {
            if (command.isEmpty()) {
                throw Queries.wrong("parameter \"command\" is required");
            }
            String containerId = running(context).id();
            return () -> runtime.exec(containerId, command, options);
        });
    }

    private void attach(RoutingContext context) {
        serve(context, options -> {
            String containerId = running(context).id();
            return () -> runtime.attach(containerId, options);
        });
    }

    /** Checks the request, whose refusal is an HTTP answer, and answers how to open the streams. */
    private interface Opening {
        Supplier<StreamSession> check(StreamOptions options);
    }

    private void serve(RoutingContext context, Opening opening) {
        HttpServerRequest request = context.request();
        Routes.upgrading(context, () -> {
            StreamOptions options = options(new Queries(context.queryParams()));
            if (!options.stdin() && !options.stdout() && !options.stderr()) {
                throw Queries.wrong("you must specify at least 1 of stdin, stdout, stderr");
            }
            Supplier<StreamSession> streams = opening.check(options);
            return switch (String.valueOf(request.getHeader("Upgrade")).toLowerCase(Locale.ROOT)) {
                case "websocket" ->
                    () -> UnreadPings.upgrade(request).onSuccess(socket -> bridge(socket, streams, options));
                case SpdyUpgrade.PROTOCOL -> {
                    String version = SpdyUpgrade.agree(request, SPDY_VERSIONS);
                    yield () -> SpdyUpgrade.accept(request, version)
                            .onSuccess(
                                    socket -> SpdyBridge.start(socket, streams, options, RESIZABLE.contains(version)));
                }
                default ->
                    throw Queries.wrong("this needs an upgrade to a WebSocket with subprotocol %s or %s, or to SPDY/3.1"
                            .formatted(Channels.V5, Channels.V4));
            };
        });
    }

    /** What cannot be run is told on the error channel: clients take an HTTP refusal for one of the WebSocket itself. */
    private static void bridge(ServerWebSocket socket, Supplier<StreamSession> streams, StreamOptions options) {
        socket.pause();
        Context loop = Vertx.currentContext();
        Thread.ofVirtual().name("stream-open").start(() -> {
            try {
                StreamSession session = streams.get();
                loop.runOnContext(_ -> new StreamBridge(socket, session, options).start());
            } catch (RuntimeException refused) {
                loop.runOnContext(_ -> StreamBridge.refuse(socket, String.valueOf(refused.getMessage())));
            }
        });
    }

    private static StreamOptions options(Queries queries) {
        boolean tty = queries.flag("tty");
        return new StreamOptions(
                queries.flag("stdin", "input"),
                queries.flag("stdout", "output"),
                queries.flag("stderr", "error") && !tty,
                tty);
    }

    private ContainerStatus running(RoutingContext context) throws NodeException {
        return node.running(context.pathParam("namespace"), context.pathParam("pod"), context.pathParam("container"));
    }
}
