package dev.keelson.apiserver.http.verb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.patch.FieldOwner;
import dev.keelson.apiserver.patch.JsonPatch;
import dev.keelson.apiserver.patch.MergePatch;
import dev.keelson.apiserver.patch.ServerSideApply;
import dev.keelson.apiserver.patch.StrategicMergePatch;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.schema.Schemas;
import java.time.Clock;

/** Applies patches of every format to object trees; what cannot be applied is a PatchException. */
public final class PatchEngine {

    /** The patch formats of the Kubernetes API and their media types. */
    public enum Type {
        JSON("application/json-patch+json"),
        MERGE("application/merge-patch+json"),
        STRATEGIC_MERGE("application/strategic-merge-patch+json"),
        APPLY("application/apply-patch+yaml");

        private final String mediaType;

        Type(String mediaType) {
            this.mediaType = mediaType;
        }

        public String mediaType() {
            return mediaType;
        }
    }

    private final StrategicMergePatch strategic;
    private final ServerSideApply serverSide;
    private final Clock clock;

    public PatchEngine(Schemas schemas, Clock clock) {
        this.strategic = new StrategicMergePatch(schemas);
        this.serverSide = new ServerSideApply(schemas);
        this.clock = clock;
    }

    /** The patched object; the arguments are not changed. */
    public ObjectNode patch(Type type, ObjectNode current, JsonNode patch) {
        return switch (type) {
            case JSON -> JsonPatch.apply(current, patch);
            case MERGE -> MergePatch.apply(current, patch);
            case STRATEGIC_MERGE -> strategic.apply(current, patch);
            case APPLY -> throw new IllegalArgumentException("an apply has an owner");
        };
    }

    /**
     * The object that an apply leads to, managed fields included.
     *
     * @param force whether fields are taken from their owners
     */
    public ObjectNode apply(ObjectNode current, ObjectNode wanted, FieldOwner owner, boolean force) {
        return serverSide.apply(current, wanted, owner, force, clock.instant());
    }

    /** Refuses an applied object that is not of the type that it names, with all that is against it. */
    public void requireTyped(ObjectNode wanted) {
        serverSide.requireTyped(wanted);
    }

    /** The object that an apply creates when there is none. */
    public ObjectNode create(ObjectNode wanted, String name, FieldOwner owner) {
        ObjectNode named = wanted.deepCopy();
        Meta.of(named).put("name", name);
        return serverSide.apply(JsonNodeFactory.instance.objectNode(), named, owner, true, clock.instant());
    }
}
