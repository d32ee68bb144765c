package dev.keelson.node.server;

import dev.keelson.node.runtime.RuntimeService;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** {@code /portForward/NAMESPACE/POD}: SPDY inside a WebSocket, which is what kubectl speaks since 1.31. */
final class PortForwardRoutes {
    static final String SUBPROTOCOL = "SPDY/3.1+portforward.k8s.io";

    private final NodeView node;
    private final RuntimeService runtime;

    PortForwardRoutes(NodeView node, RuntimeService runtime) {
        this.node = node;
        this.runtime = runtime;
    }

    void mount(Router router) {
        router.route("/portForward/:namespace/:pod").handler(this::serve);
    }

    private void serve(RoutingContext context) {
        HttpServerRequest request = context.request();
        boolean tunnel = "websocket".equalsIgnoreCase(request.getHeader("Upgrade"))
                && String.valueOf(request.getHeader("Sec-WebSocket-Protocol")).contains(SUBPROTOCOL);
        if (!tunnel) {
            Answers.refuse(
                    context.response(), 400, "BadRequest", "this needs a WebSocket with subprotocol " + SUBPROTOCOL);
            return;
        }
        request.pause();
        Routes.blocking(context, () -> {
            String uid = node.podUid(context.pathParam("namespace"), context.pathParam("pod"));
            context.vertx().runOnContext(_ -> request.toWebSocket()
                    .onSuccess(
                            socket -> new PortForwardTunnel(socket, port -> runtime.portForward(uid, port)).start()));
        });
    }
}
