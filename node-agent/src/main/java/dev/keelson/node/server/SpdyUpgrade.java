package dev.keelson.node.server;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetSocket;
import java.util.Arrays;
import java.util.List;

/** Turns an HTTP/1.1 request into a SPDY/3.1 connection (Kubernetes' {@code httpstream/spdy}). */
final class SpdyUpgrade {
    /** As the Upgrade header names it, in lower case. */
    static final String PROTOCOL = "spdy/3.1";

    private static final String VERSION_HEADER = "X-Stream-Protocol-Version";

    private SpdyUpgrade() {}

    /** The first of the client's versions that is supported; a client that names none gets the last of ours. */
    static String agree(HttpServerRequest request, List<String> supported) {
        List<String> asked = request.headers().getAll(VERSION_HEADER).stream()
                .flatMap(header -> Arrays.stream(header.split(",")))
                .map(String::strip)
                .toList();
        if (asked.isEmpty()) {
            return supported.getLast();
        }
        return asked.stream()
                .filter(supported::contains)
                .findFirst()
                .orElseThrow(() -> Queries.wrong("unable to negotiate protocol: client supports %s, server accepts %s"
                        .formatted(asked, supported)));
    }

    /** Answers 101; call it on the event loop. */
    static Future<NetSocket> accept(HttpServerRequest request, String version) {
        request.response()
                .setStatusCode(101)
                .putHeader("Connection", "Upgrade")
                .putHeader("Upgrade", "SPDY/3.1")
                .putHeader(VERSION_HEADER, version);
        return request.toNetSocket();
    }
}
