package dev.keelson.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** How a part of an object is written through a subresource such as {@code approval} or {@code status}. Pure. */
public interface PartRules {

    /** Makes everything but the part, and the metadata, what it was; for a status, that is done. */
    void prepare(ObjectNode updated, ObjectNode old);

    /** What is wrong with the change of the part. */
    List<FieldError> validate(ObjectNode updated, ObjectNode old);
}
