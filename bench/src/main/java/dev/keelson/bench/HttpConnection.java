package dev.keelson.bench;

import dev.keelson.crds.client.ClientConfig;
import dev.keelson.crds.client.http.TlsIdentity;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import javax.net.ssl.SSLSocket;

/**
 * One connection with HTTP/1.1 (RFC 9112) over TLS that waits for each answer. It understands no more than what the server
 * sends, so that the load itself takes as little of the measured machine as it can: a general client costs as much as the
 * server's work.
 */
public final class HttpConnection implements AutoCloseable {
    private final SSLSocket socket;
    private final InputStream in;
    private final String host;

    public HttpConnection(ClientConfig config) throws IOException {
        URI server = config.server();
        this.host = server.getHost() + ":" + server.getPort();
        this.socket = (SSLSocket)
                TlsIdentity.context(config).getSocketFactory().createSocket(server.getHost(), server.getPort());
        socket.setTcpNoDelay(true);
        this.in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
    }

    /** The status code of a request with a JSON body; the answer's body is read and dropped. */
    public int send(String method, String path, String body) throws IOException {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        byte[] head = (method + " " + path + " HTTP/1.1\r\nHost: " + host
                        + "\r\nContent-Type: application/json\r\nAccept: application/json\r\nContent-Length: "
                        + content.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] request = new byte[head.length + content.length];
        System.arraycopy(head, 0, request, 0, head.length);
        System.arraycopy(content, 0, request, head.length, content.length);
        socket.getOutputStream().write(request);
        String status = line();
        in.skipNBytes(bodyLength());
        return Integer.parseInt(status.substring("HTTP/1.1 ".length(), "HTTP/1.1 ".length() + 3));
    }

    /** Begins to read an answer that has no end, such as a watch's; the connection serves for nothing else from then on. */
    public void open(String path) throws IOException {
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nAccept: application/json\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        String status = line();
        if (!status.startsWith("HTTP/1.1 200") || !header("transfer-encoding").equals("chunked")) {
            throw new IOException("GET " + path + " answered " + status + " or not in chunks");
        }
    }

    /** The next chunk of what was opened: the server puts one or more whole events into each. */
    public String chunk() throws IOException {
        int length = Integer.parseInt(line(), 16);
        String text = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        line();
        return text;
    }

    private int bodyLength() throws IOException {
        String length = header("content-length");
        if (length.isEmpty()) {
            throw new IOException("the answer has no Content-Length: it cannot be measured with this connection");
        }
        return Integer.parseInt(length);
    }

    /** Reads all header fields; answers one of them, or nothing. */
    private String header(String name) throws IOException {
        String value = "";
        for (String field = line(); !field.isEmpty(); field = line()) {
            int colon = field.indexOf(':');
            if (field.substring(0, colon).toLowerCase(Locale.ROOT).equals(name)) {
                value = field.substring(colon + 1).strip();
            }
        }
        return value;
    }

    private String line() throws IOException {
        StringBuilder text = new StringBuilder(64);
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the server closed the connection");
            }
            if (b != '\r') {
                text.append((char) b);
            }
        }
        return text.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
