package dev.keelson.node.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdyPingFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyPingFrame;
import io.netty.handler.codec.spdy.SpdySynReplyFrame;
import io.netty.handler.codec.spdy.SpdyVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** As much of kubectl before 1.31 as a test of streams needs. */
final class SpdyClient {
    private final InputStream in;
    private final OutputStream out;
    private final EmbeddedChannel codec = new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));
    private final Map<Integer, String> received = new TreeMap<>();
    private final Map<Integer, Boolean> ended = new TreeMap<>();
    private int accepted;
    private boolean pinged;

    /** @param head what the server has to answer 101 to */
    SpdyClient(Socket socket, String head) throws IOException {
        in = socket.getInputStream();
        out = socket.getOutputStream();
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    /** The head of the server's answer. */
    String head() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the server ended in its head: " + head);
            }
            head.append((char) next);
        }
        return head.toString();
    }

    void open(int stream, String... headers) throws IOException {
        DefaultSpdySynStreamFrame frame = new DefaultSpdySynStreamFrame(stream, 0, (byte) 0);
        for (int i = 0; i < headers.length; i += 2) {
            frame.headers().set(headers[i], headers[i + 1]);
        }
        write(frame);
    }

    void send(int stream, String text, boolean last) throws IOException {
        DefaultSpdyDataFrame frame =
                new DefaultSpdyDataFrame(stream, Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
        frame.setLast(last);
        write(frame);
    }

    private void write(Object frame) throws IOException {
        codec.writeOutbound(frame);
        ByteBuf part = codec.readOutbound();
        while (part != null) {
            out.write(ByteBufUtil.getBytes(part));
            part.release();
            part = codec.readOutbound();
        }
        out.flush();
    }

    /** Reads until the server has ended the stream; answers all of its text. */
    String textOf(int stream) throws IOException {
        return read(stream, () -> ended.containsKey(stream));
    }

    /** Reads until so much text has come. */
    String textOf(int stream, int length) throws IOException {
        return read(stream, () -> received.getOrDefault(stream, "").length() >= length);
    }

    private String read(int stream, BooleanSupplier enough) throws IOException {
        byte[] block = new byte[8192];
        while (!enough.getAsBoolean()) {
            int read = in.read(block);
            if (read < 0) {
                throw new IOException("the server ended before stream " + stream + "; it sent " + received);
            }
            codec.writeInbound(Unpooled.copiedBuffer(block, 0, read));
            Object frame = codec.readInbound();
            while (frame != null) {
                take(frame);
                frame = codec.readInbound();
            }
        }
        return received.getOrDefault(stream, "");
    }

    /** Waits until the server has taken all that was sent before. */
    void ping() throws IOException {
        write(new DefaultSpdyPingFrame(1));
        read(1, () -> pinged);
    }

    int accepted() {
        return accepted;
    }

    private void take(Object frame) {
        if (frame instanceof SpdySynReplyFrame) {
            accepted++;
        }
        pinged |= frame instanceof SpdyPingFrame;
        if (frame instanceof SpdyDataFrame data) {
            received.merge(data.streamId(), data.content().toString(StandardCharsets.UTF_8), String::concat);
            if (data.isLast()) {
                ended.put(data.streamId(), true);
            }
            data.release();
        }
    }
}
