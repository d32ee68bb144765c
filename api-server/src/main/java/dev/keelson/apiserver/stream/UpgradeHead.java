package dev.keelson.apiserver.stream;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.impl.headers.HeadersMultiMap;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * The head of an HTTP/1.1 answer, read from raw bytes (RFC 9112).
 *
 * @param rest bytes that came after it
 */
record UpgradeHead(int status, MultiMap headers, Buffer rest) {
    static final int LONGEST = 64 * 1024;

    /** The head, or empty while it is not complete. @throws IllegalArgumentException when it is not HTTP */
    static Optional<UpgradeHead> parse(Buffer bytes) {
        int end = endOfHead(bytes);
        if (end < 0) {
            if (bytes.length() > LONGEST) {
                throw new IllegalArgumentException("its answer has no end of headers");
            }
            return Optional.empty();
        }
        String[] lines =
                bytes.getString(0, end, StandardCharsets.ISO_8859_1.name()).split("\r\n");
        String[] first = lines[0].split(" ", 3);
        if (first.length < 2 || !first[0].startsWith("HTTP/1.") || !first[1].matches("\\d{3}")) {
            throw new IllegalArgumentException("its answer is not HTTP/1.1");
        }
        MultiMap headers = HeadersMultiMap.httpHeaders();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0) {
                headers.add(
                        lines[i].substring(0, colon).strip(),
                        lines[i].substring(colon + 1).strip());
            }
        }
        return Optional.of(
                new UpgradeHead(Integer.parseInt(first[1]), headers, bytes.getBuffer(end + 4, bytes.length())));
    }

    /** A request head in bytes. */
    static Buffer request(String method, String pathAndQuery, String host, MultiMap headers) {
        StringBuilder head = new StringBuilder();
        head.append(method).append(' ').append(pathAndQuery).append(" HTTP/1.1\r\n");
        head.append("Host: ").append(host).append("\r\n");
        for (Map.Entry<String, String> header : headers) {
            head.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n");
        }
        return Buffer.buffer(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The head of a 101 in bytes. */
    static Buffer answer(MultiMap headers) {
        StringBuilder head = new StringBuilder("HTTP/1.1 101 Switching Protocols\r\n");
        for (Map.Entry<String, String> header : headers) {
            head.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n");
        }
        return Buffer.buffer(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    private static int endOfHead(Buffer bytes) {
        for (int i = 0; i + 3 < bytes.length() && i <= LONGEST; i++) {
            boolean found = bytes.getByte(i) == '\r'
                    && bytes.getByte(i + 1) == '\n'
                    && bytes.getByte(i + 2) == '\r'
                    && bytes.getByte(i + 3) == '\n';
            if (found) {
                return i;
            }
        }
        return -1;
    }
}
