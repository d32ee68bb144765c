package dev.keelson.apiserver.http.reply;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.StatusDetails;
import dev.keelson.apiserver.registry.StatusReason;
import java.util.EnumSet;
import java.util.Set;

/** Kubernetes Status objects (meta.k8s.io/v1 Status). Pure. */
public final class StatusJson {
    /** What Kubernetes never answers without details, be they empty: older clients then show no message at all. */
    private static final Set<StatusReason> DETAILED = EnumSet.of(
            StatusReason.FORBIDDEN, StatusReason.INVALID, StatusReason.NOT_FOUND, StatusReason.METHOD_NOT_ALLOWED);

    private StatusJson() {}

    public static ObjectNode failure(ApiFailure failure) {
        ObjectNode status = base("Failure");
        if (!failure.continueToken().isEmpty()) {
            Meta.of(status).put("continue", failure.continueToken());
        }
        status.put("message", failure.getMessage());
        putIfSet(status, "reason", failure.reason().word());
        ObjectNode details = details(failure.details());
        if (!details.isEmpty() || DETAILED.contains(failure.reason())) {
            status.set("details", details);
        }
        return status.put("code", failure.reason().code());
    }

    /** The answer to a deletion that is complete. */
    public static ObjectNode deleted(ResourceDefinition kind, String name, String uid) {
        ObjectNode status = base("Success");
        status.set(
                "details",
                details(StatusDetails.of(name, kind.group(), kind.plural()).withUid(uid)));
        return status;
    }

    public static ObjectNode success(int code) {
        return base("Success").put("code", code);
    }

    private static ObjectNode base(String outcome) {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.put("kind", "Status").put("apiVersion", "v1");
        status.putObject("metadata");
        return status.put("status", outcome);
    }

    private static ObjectNode details(StatusDetails details) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        putIfSet(node, "name", details.name());
        putIfSet(node, "group", details.group());
        putIfSet(node, "kind", details.kind());
        putIfSet(node, "uid", details.uid());
        if (!details.causes().isEmpty()) {
            ArrayNode causes = node.putArray("causes");
            for (StatusDetails.Cause cause : details.causes()) {
                ObjectNode entry = causes.addObject();
                putIfSet(entry, "reason", cause.reason());
                putIfSet(entry, "message", cause.message());
                putIfSet(entry, "field", cause.field());
            }
        }
        if (details.retryAfterSeconds() > 0) {
            node.put("retryAfterSeconds", details.retryAfterSeconds());
        }
        return node;
    }

    private static void putIfSet(ObjectNode node, String field, String value) {
        if (!value.isEmpty()) {
            node.put(field, value);
        }
    }
}
