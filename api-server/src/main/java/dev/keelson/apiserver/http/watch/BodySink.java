package dev.keelson.apiserver.http.watch;

import dev.keelson.apiserver.http.request.Exchange;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/** Events as the chunked body of an answer. */
record BodySink(HttpServerResponse response) implements WatchSink {

    /** Sends the head. */
    static BodySink open(Exchange exchange, String contentType, int queue) {
        HttpServerResponse response = exchange.response();
        response.setStatusCode(200)
                .putHeader("Content-Type", contentType)
                .putHeader("Cache-Control", "no-cache, private")
                .setChunked(true);
        response.exceptionHandler(broken -> exchange.finished());
        response.setWriteQueueMaxSize(queue);
        // Also an empty write sends the head at once, which clients wait for.
        response.write(Buffer.buffer());
        return new BodySink(response);
    }

    @Override
    public void write(Buffer lines) {
        response.write(lines);
    }

    @Override
    public boolean full() {
        return response.writeQueueFull();
    }

    @Override
    public void onRoom(Runnable action) {
        response.drainHandler(drained -> action.run());
    }

    @Override
    public void end() {
        response.end();
    }

    @Override
    public void abandon() {
        response.reset();
    }
}
