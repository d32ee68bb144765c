package dev.keelson.apiserver.http.request;

import dev.keelson.apiserver.registry.ApiFailure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Watches by path, such as {@code /api/v1/watch/namespaces/shop/pods/web}: the same as {@code ?watch=true}, and a name in
 * the path as a field selector for it (Kubernetes' {@code ListResource} with {@code forceWatch}). Pure.
 */
final class LegacyWatch {
    private LegacyWatch() {}

    /** The query that asks for the same in today's form; the query itself when the path says nothing more. */
    static QueryParameters query(RequestInfo info, QueryParameters query) {
        if (!info.verb().equals("watch")) {
            return query;
        }
        Map<String, List<String>> values = new LinkedHashMap<>(query.values());
        values.put("watch", List.of("true"));
        if (!info.name().isEmpty()) {
            String one = "metadata.name=" + escaped(info.name());
            String also = query.text("fieldSelector");
            if (!also.isEmpty() && !also.equals(one)) {
                throw ApiFailure.badRequest(
                        "both a name and a field selector provided; please provide one or the other.");
            }
            values.put("fieldSelector", List.of(one));
        }
        return new QueryParameters(values);
    }

    private static String escaped(String name) {
        return name.replaceAll("[\\\\,=]", "\\\\$0");
    }
}
