package dev.keelson.apiserver.http;

import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLSocket;

/** A request over TLS and HTTP/1.1 of which nothing is read but the first byte of the answer. */
final class UnreadConnection implements AutoCloseable {
    private final Socket raw = new Socket();
    private final SSLSocket socket;

    UnreadConnection(String path) throws IOException {
        raw.setReceiveBufferSize(4096);
        raw.connect(new InetSocketAddress("localhost", ServerUnderTest.port()), 60_000);
        socket = (SSLSocket) ServerUnderTest.tls("admin")
                .getSocketFactory()
                .createSocket(raw, "localhost", ServerUnderTest.port(), false);
        socket.startHandshake();
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        // The head tells that the answer has begun.
        if (socket.getInputStream().read() != 'H') {
            throw new IOException("no answer in HTTP/1.1");
        }
    }

    /** What was not read. */
    InputStream rest() throws IOException {
        return socket.getInputStream();
    }

    /** Without the farewell of TLS, which would first read all that is left unread. */
    @Override
    public void close() throws IOException {
        raw.close();
    }

    /** Heap, and what Netty holds beside it. */
    static long usedMemory() {
        System.gc();
        long heap = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
        return heap + Math.max(0, PlatformDependent.usedDirectMemory());
    }
}
