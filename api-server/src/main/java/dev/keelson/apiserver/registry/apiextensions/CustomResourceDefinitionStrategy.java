package dev.keelson.apiserver.registry.apiextensions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.FieldError;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.ResourceStrategy;
import dev.keelson.apiserver.registry.rules.KindRules;
import dev.keelson.apiserver.registry.rules.Tree;
import java.time.Instant;
import java.util.List;

/** The rules of the kind, and that a definition is not gone before its objects are. */
record CustomResourceDefinitionStrategy(KindRules rules) implements ResourceStrategy {

    @Override
    public void applyDefaults(ObjectNode object) {
        rules.applyDefaults(object);
    }

    @Override
    public void prepareForCreate(ObjectNode object) {
        rules.prepareForCreate(object);
    }

    @Override
    public void prepareForUpdate(ObjectNode updated, ObjectNode old) {
        rules.prepareForUpdate(updated, old);
    }

    @Override
    public boolean hasGenerations() {
        return rules.hasGenerations();
    }

    @Override
    public boolean raisesGeneration(ObjectNode updated, ObjectNode old) {
        return rules.raisesGeneration(updated, old);
    }

    @Override
    public List<FieldError> validate(ObjectNode object) {
        return rules.validate(object);
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode updated, ObjectNode old) {
        return rules.validateUpdate(updated, old);
    }

    @Override
    public void prepareForDelete(ObjectNode object, Instant now) {
        if (Meta.deleting(object)) {
            return;
        }
        if (!Tree.texts(object, "metadata", "finalizers").contains(CrdStatus.CLEANUP)) {
            Meta.of(object).withArray("/finalizers").add(CrdStatus.CLEANUP);
        }
        new CrdCondition(
                        "Terminating",
                        true,
                        "InstanceDeletionPending",
                        "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon")
                .setIn(Tree.child(object, "status"), now);
    }
}
