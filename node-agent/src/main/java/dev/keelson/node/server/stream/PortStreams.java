package dev.keelson.node.server.stream;

import io.vertx.core.Future;

/** Where a forwarded port's bytes go, whatever protocol carries them. From any thread. */
interface PortStreams {

    /** Sends data of a stream; completes when the connection took it. */
    Future<Void> send(int stream, byte[] bytes, int length, boolean last);

    /** Called when bytes have been passed on to the port. */
    void passed(int bytes);

    /** Ends a forwarded connection: an error text, if there is one, then the end of both streams. */
    void finish(int stream, int errors, String error);
}
