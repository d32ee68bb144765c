package dev.keelson.node.server.stream;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** A client of WebSockets (RFC 6455) that may do everything wrong. */
final class RawWebSocket implements Closeable {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    /** @param opcode of the frame, without the bit for the last of a message */
    record Frame(int opcode, byte[] payload) {}

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    RawWebSocket(int port, String path, String subprotocol) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(20_000);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        out = socket.getOutputStream();
        String offer = subprotocol.isEmpty() ? "" : "Sec-WebSocket-Protocol: " + subprotocol + "\r\n";
        String key = Base64.getEncoder().encodeToString(new byte[16]);
        String head = "GET " + path + " HTTP/1.1\r\nHost: n\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + key + "\r\n" + offer + "\r\n";
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        String answer = head();
        if (!answer.startsWith("HTTP/1.1 101 ") || !offer.isEmpty() && !answer.contains(subprotocol)) {
            throw new IOException("not upgraded to \"" + subprotocol + "\": " + answer);
        }
    }

    private String head() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readByte());
        }
        return head.toString();
    }

    void send(int opcode, boolean last, byte[] payload) throws IOException {
        raw((last ? 0x80 : 0) | opcode, true, payload.length, payload);
    }

    /** So many pings that nobody waits for, a thousand in a write. */
    void pings(int count, byte[] payload) throws IOException {
        ByteArrayOutputStream many = new ByteArrayOutputStream();
        for (int i = 0; i < 1000; i++) {
            many.write(frame(0x80 | PING, true, payload.length, payload));
        }
        for (int sent = 0; sent < count; sent += 1000) {
            out.write(many.toByteArray());
        }
    }

    /** @param length what the head says, whatever follows */
    void raw(int first, boolean masked, long length, byte[] payload) throws IOException {
        out.write(frame(first, masked, length, payload));
    }

    private static byte[] frame(int first, boolean masked, long length, byte[] payload) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(first);
        int mask = masked ? 0x80 : 0;
        if (length < 126) {
            frame.write(mask | (int) length);
        } else if (length < 1 << 16) {
            frame.write(mask | 126);
            number(frame, length, 2);
        } else {
            frame.write(mask | 127);
            number(frame, length, 8);
        }
        // A mask of zeros is one.
        frame.write(new byte[masked ? 4 : 0]);
        frame.write(payload);
        return frame.toByteArray();
    }

    private static void number(ByteArrayOutputStream frame, long value, int bytes) {
        for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
            frame.write((int) (value >> shift));
        }
    }

    /** The server's next frame; empty when it has closed the connection. */
    Optional<Frame> read() throws IOException {
        try {
            int first = in.readUnsignedByte();
            int length = in.readUnsignedByte();
            long size = length == 126 ? in.readUnsignedShort() : length == 127 ? in.readLong() : length;
            byte[] payload = new byte[(int) size];
            in.readFully(payload);
            return Optional.of(new Frame(first & 0x0f, payload));
        } catch (EOFException ended) {
            return Optional.empty();
        } catch (java.net.SocketTimeoutException silent) {
            throw silent;
        } catch (IOException reset) {
            return Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
