package dev.keelson.apiserver.http.request;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.ResourceDefinition;
import java.util.List;
import java.util.Optional;

/** Compares an object with its kind's schema. */
public interface SchemaCheck {

    /** Also takes out of the object what a decode by Kubernetes would not keep: unknown fields and nulls. */
    Findings check(ResourceDefinition kind, ObjectNode object);

    /** The same of an object that only passes through, such as a Scale, by the kind that it names itself. */
    Findings checkNamed(ObjectNode object);

    /**
     * @param unknownFields worded {@code unknown field "spec.x"}; the object no longer has them
     * @param typeError the first value of a wrong type, in words for the client
     */
    record Findings(List<String> unknownFields, Optional<String> typeError) {
        public static final Findings NONE = new Findings(List.of(), Optional.empty());
    }
}
