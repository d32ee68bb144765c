package dev.keelson.apiserver.http.request;

import dev.keelson.apiserver.auth.User;
import dev.keelson.apiserver.http.reply.Rendering;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.FieldError;
import dev.keelson.apiserver.registry.FieldError.Type;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.store.WriteOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

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
    private static final int LONGEST_MANAGER = 128;

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
        return new WriteOptions(user, dryRun(), fieldManager(), info.subresource(), false, warnings::add);
    }

    /** {@code dryRun=All} is the only kind of dry run that Kubernetes knows. */
    public boolean dryRun() {
        List<String> asked = query.values().getOrDefault("dryRun", List.of());
        if (!List.of("All").containsAll(asked)) {
            String shown = asked.stream().collect(Collectors.joining("\", \"", "[]string{\"", "\"}"));
            throw ApiFailure.invalidOptions(
                    optionsKind(), new FieldError(Type.NOT_SUPPORTED, "dryRun", shown, "supported values: \"All\""));
        }
        return !asked.isEmpty();
    }

    /** The options that the query of a write stands for, as errors name them. */
    public String optionsKind() {
        return switch (info.verb()) {
            case "create" -> "CreateOptions";
            case "patch" -> "PatchOptions";
            case "delete", "deletecollection" -> "DeleteOptions";
            default -> "UpdateOptions";
        };
    }

    private String fieldManager() {
        String named = query.text("fieldManager");
        if (named.isEmpty()) {
            String agent = userAgent.split("/", 2)[0];
            return agent.substring(0, Math.min(agent.length(), LONGEST_MANAGER));
        }
        if (named.length() > LONGEST_MANAGER) {
            throw ApiFailure.invalidOptions(
                    optionsKind(),
                    new FieldError(
                            FieldError.Type.TOO_LONG,
                            "fieldManager",
                            "",
                            "may not be more than " + LONGEST_MANAGER + " bytes"));
        }
        if (named.chars().anyMatch(Character::isISOControl)) {
            throw ApiFailure.invalidOptions(
                    optionsKind(), FieldError.invalid("fieldManager", "", "should only contain printable characters"));
        }
        return named;
    }
}
