package dev.keelson.linux;

import java.io.IOException;
import java.nio.channels.ByteChannel;

/** A connection of which one direction can end while the other goes on, such as a stream socket. */
public interface DuplexChannel extends ByteChannel {

    /** Nothing more will be written: the other side reads its end, and may go on sending. */
    void shutdownOutput() throws IOException;
}
