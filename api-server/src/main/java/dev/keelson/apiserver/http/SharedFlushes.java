package dev.keelson.apiserver.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.handler.ssl.SslHandler;
import java.util.Optional;

/**
 * Lets the answers that end together on one HTTP/2 connection leave together. The writes of a group commit are answered at
 * once, and a client's requests share a connection: one TLS record and one system call serve for many answers instead of
 * one each. A single answer waits for nothing but what its event loop has to do anyhow.
 */
final class SharedFlushes {
    private static final String NAME = "keelson-flushes";
    /** After so many answers they leave, whatever the event loop still has to do. */
    private static final int MOST = 64;

    private SharedFlushes() {}

    /** On the channel's event loop. */
    static void install(Channel channel) {
        ChannelPipeline pipeline = channel.pipeline();
        if (pipeline.context(NAME) == null) {
            // Towards the client comes TLS, which makes one record of all that it is given before a flush.
            Optional.ofNullable(pipeline.context(SslHandler.class))
                    .map(ChannelHandlerContext::name)
                    .ifPresent(tls -> pipeline.addAfter(tls, NAME, new FlushConsolidationHandler(MOST, true)));
        }
    }
}
