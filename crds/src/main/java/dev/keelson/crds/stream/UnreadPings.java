package dev.keelson.crds.stream;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * Leaves the pings of a client unanswered while it does not read: the answers would queue without bound. Of several pings
 * only the latest must be answered (RFC 6455, 5.5.3).
 */
public final class UnreadPings extends ChannelInboundHandlerAdapter {
    private UnreadPings() {}

    /** Accepts a WebSocket; call it on the connection's event loop. */
    public static Future<ServerWebSocket> upgrade(HttpServerRequest request) {
        return request.toWebSocket().onSuccess(_ -> {
            ChannelPipeline pipeline =
                    ((ConnectionBase) request.connection()).channel().pipeline();
            pipeline.addBefore(pipeline.lastContext().name(), "keelson-pings", new UnreadPings());
        });
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof PingWebSocketFrame ping && !context.channel().isWritable()) {
            ping.release();
            return;
        }
        context.fireChannelRead(message);
    }
}
