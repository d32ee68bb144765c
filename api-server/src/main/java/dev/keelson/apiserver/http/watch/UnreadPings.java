package dev.keelson.apiserver.http.watch;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;

/**
 * Leaves the pings of a client unanswered while it does not read: the answers would queue without bound. Of several pings
 * only the latest must be answered (RFC 6455, 5.5.3).
 */
final class UnreadPings extends ChannelInboundHandlerAdapter {

    /** @param channel of a WebSocket that has just been accepted, on its event loop */
    static void install(Channel channel) {
        channel.pipeline().addBefore(channel.pipeline().lastContext().name(), "keelson-pings", new UnreadPings());
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
