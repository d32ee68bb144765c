package dev.keelson.node.server.stream;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.net.NetSocket;
import java.util.function.Consumer;

/** What SPDY's bytes travel in: the connection itself, or the binary messages of a WebSocket (Kubernetes KEP-4006). */
interface SpdyCarrier {

    Future<Void> write(Buffer bytes);

    /** Delivers what arrives, at first {@code ahead} pieces, then as many as are fetched. */
    void deliver(int ahead, Consumer<Buffer> pieces);

    void fetch();

    /** Ends the connection after what has been written. */
    void end();

    /** Ends it because the client speaks no SPDY. */
    void refuse();

    void onGone(Runnable action);

    static SpdyCarrier of(ServerWebSocket socket) {
        return new SpdyCarrier() {
            @Override
            public Future<Void> write(Buffer bytes) {
                return socket.writeBinaryMessage(bytes);
            }

            @Override
            public void deliver(int ahead, Consumer<Buffer> pieces) {
                MessageFrames.deliver(socket, ahead, pieces);
            }

            @Override
            public void fetch() {
                socket.fetch(1);
            }

            @Override
            public void end() {
                socket.close();
            }

            @Override
            public void refuse() {
                socket.close((short) 1002, "not SPDY/3.1");
            }

            @Override
            public void onGone(Runnable action) {
                socket.closeHandler(_ -> action.run());
                socket.exceptionHandler(_ -> action.run());
            }
        };
    }

    static SpdyCarrier of(NetSocket socket) {
        return new SpdyCarrier() {
            @Override
            public Future<Void> write(Buffer bytes) {
                return socket.write(bytes);
            }

            @Override
            public void deliver(int ahead, Consumer<Buffer> pieces) {
                socket.pause();
                socket.handler(pieces::accept);
                socket.fetch(ahead);
            }

            @Override
            public void fetch() {
                socket.fetch(1);
            }

            @Override
            public void end() {
                socket.end();
            }

            @Override
            public void refuse() {
                socket.close();
            }

            @Override
            public void onGone(Runnable action) {
                socket.closeHandler(_ -> action.run());
                socket.exceptionHandler(_ -> action.run());
            }
        };
    }
}
