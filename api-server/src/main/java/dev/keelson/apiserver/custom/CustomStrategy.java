package dev.keelson.apiserver.custom;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.custom.schema.CustomSchema;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.EmbeddedResource;
import dev.keelson.apiserver.registry.FieldError;
import dev.keelson.apiserver.registry.JsonNumbers;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.ResourceStrategy;
import dev.keelson.apiserver.registry.ScalePaths;
import dev.keelson.apiserver.registry.StatusDetails;
import dev.keelson.apiserver.registry.StatusReason;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.registry.rules.Warnings;
import dev.keelson.apiserver.registry.warnings.ObjectWarnings;
import dev.keelson.apiserver.watch.CachedObject;
import java.util.List;
import java.util.Optional;

/** The rules of custom objects (apiextensions' customResourceStrategy): their schema decides. */
final class CustomStrategy implements ResourceStrategy {
    private final CustomVersion version;
    private final StoredForm form;

    CustomStrategy(CustomVersion version) {
        this.version = version;
        this.form = new StoredForm(version);
    }

    CustomVersion version() {
        return version;
    }

    private CustomSchema schema() {
        return version.schema().get();
    }

    @Override
    public Optional<List<String>> prune(ObjectNode object) {
        return Optional.of(schema().prune(object));
    }

    @Override
    public List<EmbeddedResource> embedded(ObjectNode object) {
        return schema().embedded(object);
    }

    @Override
    public void applyDefaults(ObjectNode object) {
        schema().complete(object);
    }

    @Override
    public void completeStatus(ObjectNode object) {
        schema().complete(object);
    }

    @Override
    public void prepareForCreate(ObjectNode object) {
        if (version.terminating()) {
            throw new ApiFailure(
                    StatusReason.METHOD_NOT_ALLOWED,
                    "create not allowed while custom resource definition is terminating",
                    StatusDetails.of(Meta.name(object), version.group(), version.plural()));
        }
        if (version.hasStatus()) {
            object.remove("status");
        }
    }

    @Override
    public void prepareForUpdate(ObjectNode updated, ObjectNode old) {
        if (version.hasStatus()) {
            Tree.carry(updated, old, "status");
        }
    }

    @Override
    public boolean hasGenerations() {
        return true;
    }

    @Override
    public boolean raisesGeneration(ObjectNode updated, ObjectNode old) {
        return !desired(updated).equals(JsonNumbers::compare, desired(old));
    }

    /** All but metadata, and but the status where that is written on its own. */
    private ObjectNode desired(ObjectNode object) {
        ObjectNode rest = object.objectNode();
        rest.setAll(object);
        rest.remove("metadata");
        if (version.hasStatus()) {
            rest.remove("status");
        }
        return rest;
    }

    /** Nothing by itself: an object is judged as a new one or as a change, because its rules may speak of either. */
    @Override
    public List<FieldError> validate(ObjectNode object) {
        return List.of();
    }

    @Override
    public List<FieldError> validateCreate(ObjectNode object) {
        return schema().check(object, Optional.empty());
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode updated, ObjectNode old) {
        return schema().check(updated, Optional.of(old));
    }

    @Override
    public List<CachedObject> served(List<CachedObject> stored) {
        return form.served(stored);
    }

    @Override
    public boolean servesAtOnce() {
        return version.storedAsServed() || version.converter().atOnce();
    }

    @Override
    public boolean servedVerbatim() {
        return false;
    }

    @Override
    public ObjectNode toStorage(ObjectNode object) {
        return form.toStorage(object);
    }

    @Override
    public ScalePaths scalePaths() {
        return version.scale();
    }

    @Override
    public List<String> warnings(ObjectNode object, Optional<ObjectNode> old) {
        Warnings warnings = new Warnings();
        ObjectWarnings.finalizers(object, old, warnings);
        return warnings.list();
    }

    @Override
    public boolean isBuiltIn() {
        return false;
    }
}
