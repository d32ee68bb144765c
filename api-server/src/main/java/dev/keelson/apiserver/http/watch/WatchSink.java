package dev.keelson.apiserver.http.watch;

import dev.keelson.apiserver.http.request.Exchange;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/** Where the events of a watch go, one JSON object a line. Used on the connection's event loop alone. */
interface WatchSink {

    /** The answer's body, or the frames of a WebSocket when the client asks for one (as fabric8's clients do). */
    static Future<WatchSink> of(Exchange exchange, String contentType, int queue) {
        return exchange.header("Upgrade").equalsIgnoreCase("websocket")
                ? FrameSink.upgrade(exchange, queue)
                : Future.succeededFuture(BodySink.open(exchange, contentType, queue));
    }

    void write(Buffer lines);

    boolean full();

    /** Calls back whenever there is room again. */
    void onRoom(Runnable action);

    void end();

    /** Gives up on a client that takes nothing. */
    void abandon();
}
