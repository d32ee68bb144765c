package dev.keelson.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** The strategy of kinds that are never stored: there is nothing to decide. */
record Unstored() implements ResourceStrategy {
    @Override
    public void applyDefaults(ObjectNode object) {}

    @Override
    public void prepareForCreate(ObjectNode object) {}

    @Override
    public void prepareForUpdate(ObjectNode updated, ObjectNode old) {}

    @Override
    public List<FieldError> validate(ObjectNode object) {
        return List.of();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode updated, ObjectNode old) {
        return List.of();
    }
}
