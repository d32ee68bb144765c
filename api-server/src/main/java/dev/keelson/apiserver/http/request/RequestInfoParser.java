package dev.keelson.apiserver.http.request;

import dev.keelson.apiserver.registry.ApiFailure;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Reads a method and path as the Kubernetes API server does. Pure. */
public final class RequestInfoParser {
    /** What may stand behind a namespace's name and still be about the namespace itself. */
    private static final Set<String> NAMESPACE_PARTS = Set.of("status", "finalize");

    /**
     * The verb, and a segment behind the version ({@code /api/v1/watch/namespaces/shop/pods}): how clients watched before
     * there was {@code ?watch=true}. Deprecated since Kubernetes 1.11 and still served.
     */
    private static final String WATCH = "watch";

    private static final int LONGEST_PATH = 8192;

    private RequestInfoParser() {}

    /** @param rawPath as it was sent, without the query */
    public static RequestInfo parse(String method, String rawPath, QueryParameters query) {
        if (rawPath.length() > LONGEST_PATH) {
            throw ApiFailure.badRequest(
                    "the path has %d characters; at most %d are read".formatted(rawPath.length(), LONGEST_PATH));
        }
        List<String> raw = segments(rawPath);
        List<String> parts = rawPath.indexOf('%') < 0
                ? raw
                : raw.stream().map(RequestInfoParser::decode).toList();
        String path = decode(rawPath);
        int prefix = prefixLength(parts);
        if (prefix == 0 || parts.size() <= prefix) {
            return RequestInfo.ofPath(method.toLowerCase(Locale.ROOT), path);
        }
        String group = prefix == 3 ? parts.get(1) : "";
        String version = parts.get(prefix - 1);
        boolean watched = parts.get(prefix).equals(WATCH);
        int at = watched ? prefix + 1 : prefix;
        if (parts.size() <= at) {
            return RequestInfo.ofPath(method.toLowerCase(Locale.ROOT), path);
        }
        String namespace = "";
        if (parts.get(at).equals("namespaces") && parts.size() > at + 1) {
            namespace = parts.get(at + 1);
            if (parts.size() > at + 2 && !NAMESPACE_PARTS.contains(parts.get(at + 2))) {
                at += 2;
            }
        }
        String name = part(parts, at + 1);
        String rest = raw.size() > at + 3 ? String.join("/", raw.subList(at + 3, raw.size())) : "";
        if (rawPath.endsWith("/") && !rest.isEmpty()) {
            rest += "/";
        }
        return new RequestInfo(
                watched ? WATCH : verb(method, name, query),
                path,
                group,
                version,
                namespace,
                parts.get(at),
                name,
                part(parts, at + 2),
                rest);
    }

    /** How many segments name the group and version; 0 when the path is outside the API. */
    private static int prefixLength(List<String> parts) {
        if (parts.isEmpty()) {
            return 0;
        }
        return switch (parts.getFirst()) {
            case "api" -> 2;
            case "apis" -> 3;
            default -> 0;
        };
    }

    private static String verb(String method, String name, QueryParameters query) {
        return switch (method) {
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> name.isEmpty() ? "deletecollection" : "delete";
            case "GET", "HEAD" -> {
                if (!name.isEmpty()) {
                    yield "get";
                }
                yield query.flag("watch") ? WATCH : "list";
            }
            default -> method.toLowerCase(Locale.ROOT);
        };
    }

    private static String part(List<String> parts, int index) {
        return index < parts.size() ? parts.get(index) : "";
    }

    private static List<String> segments(String path) {
        List<String> found = new ArrayList<>();
        for (String segment : path.split("/")) {
            if (!segment.isEmpty()) {
                found.add(segment);
            }
        }
        return found;
    }

    private static String decode(String segment) {
        if (segment.indexOf('%') < 0) {
            return segment;
        }
        try {
            // In a path, unlike in a query, a plus sign is a plus sign.
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ApiFailure.badRequest("the path is not percent-encoded correctly: " + e.getMessage());
        }
    }
}
