package dev.keelson.crds.model;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Text as part of a URL (RFC 3986). */
public final class UrlText {
    private UrlText() {}

    /** A segment of a path or a value of a query that means the text and nothing else, whatever is in it. */
    public static String escape(String text) {
        // Forms (application/x-www-form-urlencoded) write a space as a plus, which a path takes for a plus.
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
