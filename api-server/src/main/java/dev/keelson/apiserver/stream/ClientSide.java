package dev.keelson.apiserver.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.Map;

/**
 * A client's connection after a POST that asks for another protocol, joined with an agent's. Vert.x hands over the socket
 * of a GET only, and clients of SPDY upgrade a POST: so the connection is taken from under it. Runs on the connection's
 * event loop.
 */
final class ClientSide extends ChannelInboundHandlerAdapter {
    private final Channel client;
    private final NetSocket agent;

    private ClientSide(Channel client, NetSocket agent) {
        this.client = client;
        this.agent = agent;
    }

    /**
     * Answers 101 and passes all bytes on from then.
     *
     * @param first what the agent sent behind the head of its answer
     * @param ended called when the client's connection has ended
     */
    static void take(HttpServerRequest request, MultiMap answer, NetSocket agent, Buffer first, Runnable ended) {
        Channel channel = ((ConnectionBase) request.connection()).channel();
        ClientSide side = new ClientSide(channel, agent);
        channel.config().setAutoRead(false);
        channel.pipeline().addLast("keelson-tunnel", side);
        // All that knows HTTP goes, from the first after TLS on; removed decoders pass on what they had read ahead.
        for (Map.Entry<String, ChannelHandler> handler :
                channel.pipeline().toMap().entrySet()) {
            if (!(handler.getValue() instanceof SslHandler) && handler.getValue() != side) {
                channel.pipeline().remove(handler.getValue());
            }
        }
        channel.closeFuture().addListener(closed -> {
            agent.close();
            ended.run();
        });
        channel.writeAndFlush(bytes(UpgradeHead.answer(answer)));
        if (first.length() > 0) {
            channel.writeAndFlush(bytes(first));
        }
        agent.exceptionHandler(cause -> side.end());
        agent.closeHandler(closed -> side.end());
        agent.handler(side::toClient);
        agent.drainHandler(drained -> channel.config().setAutoRead(true));
        agent.resume();
        channel.config().setAutoRead(true);
    }

    private void toClient(Buffer received) {
        client.writeAndFlush(bytes(received));
        if (!client.isWritable()) {
            agent.pause();
        }
    }

    /** What has been written still arrives. */
    private void end() {
        client.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (message instanceof ByteBuf received) {
                agent.write(Buffer.buffer(ByteBufUtil.getBytes(received)));
                if (agent.writeQueueFull()) {
                    client.config().setAutoRead(false);
                }
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (client.isWritable()) {
            agent.resume();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }

    private static ByteBuf bytes(Buffer buffer) {
        return Unpooled.wrappedBuffer(buffer.getBytes());
    }
}
