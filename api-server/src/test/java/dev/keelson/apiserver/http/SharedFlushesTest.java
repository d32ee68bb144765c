package dev.keelson.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultEventLoopGroup;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalServerChannel;
import io.netty.handler.ssl.SslHandler;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SharedFlushesTest {
    /** Stands where TLS makes records: counts how often it is asked to send. */
    private static final class CountedTls extends SslHandler {
        private int flushes;

        CountedTls() throws NoSuchAlgorithmException {
            super(SSLContext.getDefault().createSSLEngine());
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            context.write(message, promise);
        }

        @Override
        public void flush(ChannelHandlerContext context) {
            flushes++;
            context.flush();
        }
    }

    private final DefaultEventLoopGroup loop = new DefaultEventLoopGroup(1);

    @AfterEach
    void close() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void answersOfOneTurnOfTheLoopLeaveTogether() throws Exception {
        CountedTls tls = new CountedTls();
        Channel channel = accepted(tls);

        onLoop(() -> {
            SharedFlushes.install(channel);
            SharedFlushes.install(channel);
            for (int i = 0; i < 10; i++) {
                channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {(byte) i}));
            }
        });
        onLoop(() -> {});

        assertThat(tls.flushes).isEqualTo(1);
    }

    @Test
    void aConnectionWithoutTlsStaysAsItIs() throws Exception {
        Channel channel = accepted(new ChannelInboundHandlerAdapter());
        int handlers = channel.pipeline().names().size();

        onLoop(() -> SharedFlushes.install(channel));

        assertThat(channel.pipeline().names()).hasSize(handlers);
    }

    private void onLoop(Runnable step) {
        loop.submit(step).syncUninterruptibly();
    }

    /** The server's side of a connection, with the handler in its pipeline. */
    private Channel accepted(ChannelHandler handler) throws Exception {
        CompletableFuture<Channel> accepted = new CompletableFuture<>();
        LocalAddress address = new LocalAddress(SharedFlushesTest.class);
        new ServerBootstrap()
                .group(loop)
                .channel(LocalServerChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(handler);
                        accepted.complete(channel);
                    }
                })
                .bind(address)
                .sync();
        new Bootstrap()
                .group(loop)
                .channel(LocalChannel.class)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(address)
                .sync();
        return accepted.get(5, TimeUnit.SECONDS);
    }
}
