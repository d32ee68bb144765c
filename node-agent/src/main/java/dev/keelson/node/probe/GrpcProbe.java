package dev.keelson.node.probe;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * {@code grpc.health.v1.Health/Check} (gRPC Health Checking Protocol) over one cleartext HTTP/2 stream (RFC 9113,
 * prior knowledge). Only what a unary call needs: request headers are literal HPACK entries, response headers are not
 * looked into, because the message alone says SERVING.
 */
final class GrpcProbe {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int END_STREAM = 1;
    private static final int ACK = 1;
    private static final int END_HEADERS = 4;
    private static final int LONGEST_FRAME = 1 << 14;
    private static final int SERVING = 1;

    private GrpcProbe() {}

    static ProbeOutcome check(ProbeSpec.Check.Grpc grpc, String host, Duration timeout) throws IOException {
        long deadline = System.nanoTime() + timeout.toNanos();
        try (Socket socket = new Socket()) {
            connect(socket, host, grpc.port(), deadline);
            OutputStream out = socket.getOutputStream();
            out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.write(frame(SETTINGS, 0, 0, new byte[0]));
            out.write(frame(HEADERS, END_HEADERS, 1, headers(host + ":" + grpc.port())));
            out.write(frame(DATA, END_STREAM, 1, message(grpc.service())));
            out.flush();
            return judge(answer(socket, out, deadline));
        }
    }

    private static void connect(Socket socket, String host, int port, long deadline) throws IOException {
        try {
            socket.connect(new InetSocketAddress(host, port), left(deadline));
        } catch (IOException refused) {
            throw new IOException(
                    "failed to connect service \"%s:%d\": %s".formatted(host, port, refused.getMessage()), refused);
        }
    }

    private static byte[] answer(Socket socket, OutputStream out, long deadline) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        while (true) {
            socket.setSoTimeout(left(deadline));
            int length = (in.readUnsignedByte() << 16) | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int stream = in.readInt() & Integer.MAX_VALUE;
            if (length > LONGEST_FRAME) {
                throw new IOException("the answer is not HTTP/2");
            }
            byte[] payload = in.readNBytes(length);
            if (type == SETTINGS && (flags & ACK) == 0) {
                out.write(frame(SETTINGS, ACK, 0, new byte[0]));
            } else if (type == PING && (flags & ACK) == 0) {
                out.write(frame(PING, ACK, 0, payload));
            } else if (type == RST_STREAM || type == GOAWAY) {
                throw new IOException("the server ended the call");
            } else if (type == DATA && stream == 1) {
                data.write(payload);
            }
            if (stream == 1 && (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0) {
                return data.toByteArray();
            }
        }
    }

    /** A message is one byte "compressed", four of length, then protobuf with field 1: the status. */
    static ProbeOutcome judge(byte[] data) {
        if (data.length < 5) {
            return ProbeOutcome.failed("grpc health: the server refused the call (is grpc.health.v1 served?)");
        }
        boolean serving = data.length >= 7 && data[5] == 0x08 && data[6] == SERVING;
        return serving
                ? ProbeOutcome.passed()
                : ProbeOutcome.failed(
                        "grpc health: service unhealthy (responded with %d)".formatted(data.length >= 7 ? data[6] : 0));
    }

    private static byte[] message(String service) {
        byte[] name = service.getBytes(StandardCharsets.UTF_8);
        if (name.length > 127) {
            throw new IllegalArgumentException("grpc service name is longer than 127 bytes");
        }
        int size = name.length == 0 ? 0 : name.length + 2;
        ByteBuffer buffer = ByteBuffer.allocate(5 + size).put((byte) 0).putInt(size);
        if (size > 0) {
            buffer.put((byte) 0x0a).put((byte) name.length).put(name);
        }
        return buffer.array();
    }

    private static byte[] headers(String authority) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        header(block, ":method", "POST");
        header(block, ":scheme", "http");
        header(block, ":path", "/grpc.health.v1.Health/Check");
        header(block, ":authority", authority);
        header(block, "content-type", "application/grpc");
        header(block, "te", "trailers");
        header(block, "user-agent", "kube-probe/1.32");
        return block.toByteArray();
    }

    /** RFC 7541 section 6.2.2: literal without indexing, new name, no Huffman coding; both shorter than 127 bytes. */
    private static void header(ByteArrayOutputStream block, String name, String value) {
        block.write(0);
        block.write(name.length());
        block.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
        block.write(value.length());
        block.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    private static int left(long deadline) {
        return (int) Math.max(1, (deadline - System.nanoTime()) / 1_000_000);
    }
}
