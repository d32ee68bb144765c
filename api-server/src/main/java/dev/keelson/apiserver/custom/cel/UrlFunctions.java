package dev.keelson.apiserver.custom.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code url(text)} and its parts. */
final class UrlFunctions {
    private static final CelType URL = OpaqueType.create("kubernetes.URL");

    private UrlFunctions() {}

    static void addTo(KubernetesLibrary library) {
        library.global("url", URL, SimpleType.STRING, String.class, text -> parse(text)
                .orElseThrow(() -> new IllegalArgumentException("URL parse error during conversion from string: " + text
                        + " is not an absolute URI or an absolute path")));
        library.global("isURL", SimpleType.BOOL, SimpleType.STRING, String.class, text -> parse(text)
                .isPresent());
        part(library, "getScheme", url -> orEmpty(url.getScheme()));
        part(library, "getHost", url -> host(url) + (url.getPort() < 0 ? "" : ":" + url.getPort()));
        part(library, "getHostname", url -> host(url).replaceAll("^\\[|\\]$", ""));
        part(library, "getPort", url -> url.getPort() < 0 ? "" : Integer.toString(url.getPort()));
        part(library, "getEscapedPath", url -> orEmpty(url.getRawPath()));
        library.member(
                "getQuery",
                MapType.create(SimpleType.STRING, ListType.create(SimpleType.STRING)),
                URL,
                URI.class,
                UrlFunctions::query);
    }

    private interface Part {
        String of(URI url);
    }

    private static void part(KubernetesLibrary library, String name, Part part) {
        library.member(name, SimpleType.STRING, URL, URI.class, part::of);
    }

    private static Optional<URI> parse(String text) {
        try {
            URI url = new URI(text);
            boolean complete = url.isAbsolute() && !url.isOpaque() || text.startsWith("/");
            return complete ? Optional.of(url) : Optional.empty();
        } catch (URISyntaxException bad) {
            return Optional.empty();
        }
    }

    private static String host(URI url) {
        return orEmpty(url.getHost());
    }

    private static String orEmpty(String part) {
        return part == null ? "" : part;
    }

    private static Map<String, List<String>> query(URI url) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (String pair : orEmpty(url.getRawQuery()).split("&")) {
            if (!pair.isEmpty()) {
                String[] parts = pair.split("=", 2);
                String value = parts.length == 2 ? parts[1] : "";
                values.computeIfAbsent(decode(parts[0]), name -> new ArrayList<>())
                        .add(decode(value));
            }
        }
        return values;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
