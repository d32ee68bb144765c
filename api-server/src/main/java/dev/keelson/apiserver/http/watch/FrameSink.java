package dev.keelson.apiserver.http.watch;

import dev.keelson.apiserver.http.request.Exchange;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;

/** Events as the text messages of a WebSocket, one each (Kubernetes' {@code watch.go}, HandleWS). */
record FrameSink(ServerWebSocket socket) implements WatchSink {

    static Future<WatchSink> upgrade(Exchange exchange, int queue) {
        return exchange.request().toWebSocket().map(socket -> {
            socket.closeHandler(closed -> exchange.finished());
            socket.exceptionHandler(broken -> exchange.finished());
            socket.setWriteQueueMaxSize(queue);
            return new FrameSink(socket);
        });
    }

    @Override
    public void write(Buffer lines) {
        lines.toString().lines().forEach(socket::writeTextMessage);
    }

    @Override
    public boolean full() {
        return socket.writeQueueFull();
    }

    @Override
    public void onRoom(Runnable action) {
        socket.drainHandler(drained -> action.run());
    }

    @Override
    public void end() {
        socket.close();
    }

    @Override
    public void abandon() {
        socket.close();
    }
}
