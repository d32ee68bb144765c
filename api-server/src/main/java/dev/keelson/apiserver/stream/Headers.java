package dev.keelson.apiserver.stream;

import io.vertx.core.MultiMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Which headers a proxy passes on. */
final class Headers {
    /** They belong to one connection (RFC 9110, section 7.6.1). */
    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "http2-settings");

    /** They are for this server only: an agent must not see a client's credentials. */
    private static final Set<String> PRIVATE = Set.of("host", "authorization", "cookie");

    private Headers() {}

    /** For an ordinary request or answer. */
    static void copyEndToEnd(MultiMap from, MultiMap to) {
        for (Map.Entry<String, String> header : from) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (!HOP_BY_HOP.contains(name) && !PRIVATE.contains(name)) {
                to.add(header.getKey(), header.getValue());
            }
        }
    }

    /** For an upgrade, which both ends must negotiate with each other. */
    static void copyForUpgrade(MultiMap from, MultiMap to) {
        for (Map.Entry<String, String> header : from) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            boolean wanted = name.equals("connection") || name.equals("upgrade") || !HOP_BY_HOP.contains(name);
            if (wanted && !PRIVATE.contains(name)) {
                to.add(header.getKey(), header.getValue());
            }
        }
    }
}
