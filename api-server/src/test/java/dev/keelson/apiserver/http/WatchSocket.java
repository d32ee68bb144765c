package dev.keelson.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLSocket;

/** A watch over a WebSocket, frame by frame (RFC 6455): for what no client library can be made to do. */
final class WatchSocket implements AutoCloseable {
    static final int TEXT = 1;
    static final int PONG = 10;
    /** A client that reads little, so that soon nothing more is under way to it. */
    private static final int RECEIVE_BUFFER = 4096;

    record Frame(int opcode, byte[] payload) {
        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }
    }

    private final Socket raw = new Socket();
    private final SSLSocket socket;
    private final DataInputStream in;

    private WatchSocket() throws IOException {
        raw.setReceiveBufferSize(RECEIVE_BUFFER);
        raw.connect(new InetSocketAddress("localhost", ServerUnderTest.port()), 20_000);
        socket = (SSLSocket) ServerUnderTest.tls("admin")
                .getSocketFactory()
                .createSocket(raw, "localhost", ServerUnderTest.port(), true);
        socket.setSoTimeout(20_000);
        in = new DataInputStream(socket.getInputStream());
    }

    /** @param path of the resource, without a query */
    static WatchSocket open(String path) throws IOException {
        WatchSocket opened = new WatchSocket();
        opened.write(("GET " + path + "?watch=true HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
                        + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) opened.in.read());
        }
        assertThat(head).startsWith("HTTP/1.1 101 ");
        return opened;
    }

    void write(byte[] bytes) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(bytes);
        out.flush();
    }

    /** The next frame of the server, whose frames have no mask. */
    Frame next() throws IOException {
        int opcode = in.readUnsignedByte() & 0x0f;
        long length = in.readUnsignedByte();
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = in.readLong();
        }
        byte[] payload = new byte[Math.toIntExact(length)];
        in.readFully(payload);
        return new Frame(opcode, payload);
    }

    /** Whether the server ends the connection; one that stays silent fails by its timeout. */
    boolean ends() throws IOException {
        try {
            in.readAllBytes();
        } catch (SocketException reset) {
            return true;
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        raw.close();
    }
}
