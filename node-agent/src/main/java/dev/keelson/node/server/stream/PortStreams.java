package dev.keelson.node.server.stream;

import io.vertx.core.Future;

/** Where a forwarded port's bytes go, whatever protocol carries them. From any thread. */
interface PortStreams {

    /** Sends data of a stream; completes when the connection took it. */
    Future<Void> send(int stream, byte[] bytes, int length, boolean last);

    /** Called when bytes have been passed on to the port, or dropped. */
    void passed(int bytes);

    /**
     * Tells the client that nothing more comes from the port, after an error text if there is one. Answers whether it may
     * go on sending.
     */
    boolean end(int stream, int errors, String error);

    /** Both directions of a forwarded connection have ended. */
    void closed(int stream);
}
