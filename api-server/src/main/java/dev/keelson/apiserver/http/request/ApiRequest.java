package dev.keelson.apiserver.http.request;

import dev.keelson.apiserver.auth.User;
import dev.keelson.apiserver.http.reply.Rendering;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.store.WriteOptions;
import java.util.ArrayList;
import java.util.List;

/**
 * One request for a resource, complete with its body, ready to be answered on a virtual thread.
 *
 * @param warnings what the client should know although the request succeeds; handlers add to it
 */
public record ApiRequest(
        RequestInfo info,
        ResourceDefinition kind,
        User user,
        QueryParameters query,
        Rendering rendering,
        String contentType,
        String userAgent,
        byte[] body,
        List<String> warnings) {

    public ApiRequest(
            RequestInfo info,
            ResourceDefinition kind,
            User user,
            QueryParameters query,
            Rendering rendering,
            String contentType,
            String userAgent,
            byte[] body) {
        this(info, kind, user, query, rendering, contentType, userAgent, body, new ArrayList<>());
    }

    /** The namespace that storage knows: none for cluster-scoped kinds. */
    public String namespace() {
        return kind.namespaced() ? info.namespace() : "";
    }

    public WriteOptions writeOptions() {
        return new WriteOptions(user, dryRun(), fieldManager(), info.subresource(), false);
    }

    /** {@code dryRun=All} is the only kind of dry run that Kubernetes knows. */
    public boolean dryRun() {
        String value = query.text("dryRun");
        if (!value.isEmpty() && !value.equals("All")) {
            throw dev.keelson.apiserver.registry.ApiFailure.badRequest(
                    "dryRun: Unsupported value: \"%s\": supported values: \"All\"".formatted(value));
        }
        return !value.isEmpty();
    }

    private String fieldManager() {
        String named = query.text("fieldManager");
        return named.isEmpty() ? userAgent.split("/", 2)[0] : named;
    }
}
