package dev.keelson.node.server;

import dev.keelson.node.NodeException;
import dev.keelson.node.runtime.ContainerStatus;
import dev.keelson.node.runtime.RuntimeService;
import dev.keelson.node.runtime.StreamOptions;
import dev.keelson.node.runtime.StreamSession;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.Supplier;

/** {@code /exec} and {@code /attach}: opens the streams first, so that what cannot be done is an HTTP answer. */
final class StreamRoutes {
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
        serve(context, options -> () -> {
            if (command.isEmpty()) {
                throw Queries.wrong("parameter \"command\" is required");
            }
            return runtime.exec(running(context).id(), command, options);
        });
    }

    private void attach(RoutingContext context) {
        serve(context, options -> () -> runtime.attach(running(context).id(), options));
    }

    private interface Opening {
        Supplier<StreamSession> with(StreamOptions options);
    }

    private void serve(RoutingContext context, Opening opening) {
        HttpServerRequest request = context.request();
        StreamOptions options = options(new Queries(context.queryParams()));
        if (!"websocket".equalsIgnoreCase(request.getHeader("Upgrade"))) {
            Answers.refuse(
                    context.response(),
                    400,
                    "BadRequest",
                    "this needs a WebSocket with subprotocol " + Channels.V5 + " or " + Channels.V4);
            return;
        }
        // Nothing may be read from the connection before the WebSocket's handlers are there.
        request.pause();
        Routes.blocking(context, () -> {
            if (!options.stdin() && !options.stdout() && !options.stderr()) {
                throw Queries.wrong("you must specify at least 1 of stdin, stdout, stderr");
            }
            StreamSession session = opening.with(options).get();
            context.vertx().runOnContext(_ -> request.toWebSocket()
                    .onSuccess(socket -> new StreamBridge(socket, session, options).start())
                    .onFailure(_ -> Thread.startVirtualThread(session::close)));
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
