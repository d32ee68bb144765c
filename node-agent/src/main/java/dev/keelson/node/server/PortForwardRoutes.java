package dev.keelson.node.server;

import dev.keelson.crds.stream.UnreadPings;
import dev.keelson.linux.DuplexChannel;
import dev.keelson.node.runtime.RuntimeService;
import dev.keelson.node.server.stream.Channels;
import dev.keelson.node.server.stream.PortForwardChannels;
import dev.keelson.node.server.stream.PortForwardTunnel;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * {@code /portForward/NAMESPACE/POD} in the three ways that clients know: SPDY inside a WebSocket (kubectl since 1.31),
 * SPDY itself (kubectl before), channels of a WebSocket with the ports in the query (client libraries).
 */
final class PortForwardRoutes {
    static final String SUBPROTOCOL = "SPDY/3.1+portforward.k8s.io";
    private static final List<String> SPDY_VERSIONS = List.of("portforward.k8s.io");

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
        Routes.upgrading(context, () -> {
            String uid = node.podUid(context.pathParam("namespace"), context.pathParam("pod"));
            return upgrade(context, port -> runtime.portForward(uid, port));
        });
    }

    /** Checks what the client asks for, whose refusal is an HTTP answer, and answers how to go on. */
    private static Runnable upgrade(RoutingContext context, IntFunction<DuplexChannel> connect) {
        HttpServerRequest request = context.request();
        String upgrade = String.valueOf(request.getHeader("Upgrade"));
        if (upgrade.equalsIgnoreCase(SpdyUpgrade.PROTOCOL)) {
            String version = SpdyUpgrade.agree(request, SPDY_VERSIONS);
            return () ->
                    SpdyUpgrade.accept(request, version).onSuccess(socket -> PortForwardTunnel.start(socket, connect));
        }
        if (!upgrade.equalsIgnoreCase("websocket")) {
            throw Queries.wrong("this needs an upgrade to a WebSocket with subprotocol %s or %s, or to SPDY/3.1"
                    .formatted(SUBPROTOCOL, Channels.V4));
        }
        String offered = String.valueOf(request.getHeader("Sec-WebSocket-Protocol"));
        if (offered.contains(SUBPROTOCOL)) {
            return () -> UnreadPings.upgrade(request).onSuccess(socket -> PortForwardTunnel.start(socket, connect));
        }
        List<Integer> ports = ports(
                context.queryParams().getAll("ports"),
                offered.contains("base64") ? PortForwardChannels.MOST_PORTS_IN_TEXT : PortForwardChannels.MOST_PORTS);
        return () ->
                UnreadPings.upgrade(request).onSuccess(socket -> PortForwardChannels.start(socket, ports, connect));
    }

    /** Each parameter is one port or several with commas between. */
    private static List<Integer> ports(List<String> parameters, int most) {
        List<Integer> found = new ArrayList<>();
        for (String text : String.join(",", parameters).split(",")) {
            if (!text.matches("\\d{1,5}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > 65535) {
                throw Queries.wrong("parameter \"ports\" must be numbers from 1 to 65535, not \"" + text + "\"");
            }
            found.add(Integer.parseInt(text));
        }
        if (found.size() > most) {
            throw Queries.wrong("at most %d ports are forwarded at once".formatted(most));
        }
        return found;
    }
}
