package dev.keelson.apiserver.registry.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Column;
import dev.keelson.apiserver.registry.FieldError;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.PartRules;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceStrategy;
import dev.keelson.apiserver.registry.rules.KindRules;
import dev.keelson.apiserver.watch.CachedObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A built-in kind in another version, or another group, than the one it is stored in: a view of the same objects. What
 * is right and what is filled in is decided once, by the rules of the stored version; the view adds what only its own
 * version asks for. Problems therefore name the fields of the stored version, as in Kubernetes.
 */
public final class ServedVersion implements ResourceStrategy {
    private final ResourceDefinition stored;
    private final String apiVersion;
    private final Conversion conversion;
    private final KindRules own;

    /**
     * Turns objects of the view into stored ones and back. Pure; the arguments may be changed, and {@code apiVersion} is
     * set by the caller.
     */
    public record Conversion(UnaryOperator<ObjectNode> toStored, UnaryOperator<ObjectNode> toServed) {}

    /** @param apiVersion of the view */
    public ServedVersion(ResourceDefinition stored, String apiVersion, Conversion conversion) {
        this(stored, apiVersion, conversion, KindRules.none());
    }

    private ServedVersion(ResourceDefinition stored, String apiVersion, Conversion conversion, KindRules own) {
        this.stored = stored;
        this.apiVersion = apiVersion;
        this.conversion = conversion;
        this.own = own;
    }

    /** The same view, whose writes are also held against these rules; they judge the stored form. */
    public ServedVersion asking(KindRules rules) {
        return new ServedVersion(stored, apiVersion, conversion, rules);
    }

    /** The columns of the stored version, which read the view's objects. */
    public List<Column> columns() {
        return stored.columns().stream()
                .map(column -> column.reading(this::toStorage))
                .toList();
    }

    private ResourceStrategy rules() {
        return stored.strategy();
    }

    @Override
    public NameRule nameRule() {
        return rules().nameRule();
    }

    @Override
    public void applyDefaults(ObjectNode object) {
        inStoredForm(object, rules()::applyDefaults);
    }

    @Override
    public void prepareForCreate(ObjectNode object) {
        inStoredForm(object, rules()::prepareForCreate);
    }

    @Override
    public void prepareForUpdate(ObjectNode updated, ObjectNode old) {
        inStoredForm(updated, tree -> rules().prepareForUpdate(tree, toStorage(old)));
    }

    @Override
    public void completeStatus(ObjectNode object) {
        inStoredForm(object, rules()::completeStatus);
    }

    @Override
    public void prepareForDelete(ObjectNode object, Instant now) {
        inStoredForm(object, tree -> rules().prepareForDelete(tree, now));
    }

    @Override
    public boolean hasGenerations() {
        return rules().hasGenerations();
    }

    @Override
    public boolean raisesGeneration(ObjectNode updated, ObjectNode old) {
        return rules().raisesGeneration(toStorage(updated), toStorage(old));
    }

    @Override
    public List<FieldError> validate(ObjectNode object) {
        return rules().validate(toStorage(object));
    }

    @Override
    public List<FieldError> validateCreate(ObjectNode object) {
        ObjectNode tree = toStorage(object);
        return both(rules().validateCreate(tree), own.validateCreate(tree));
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode updated, ObjectNode old) {
        ObjectNode tree = toStorage(updated);
        ObjectNode before = toStorage(old);
        return both(rules().validateUpdate(tree, before), own.validateUpdate(tree, before));
    }

    @Override
    public Optional<PartRules> part(String subresource) {
        return rules().part(subresource).map(InStoredForm::new);
    }

    private final class InStoredForm implements PartRules {
        private final PartRules rules;

        private InStoredForm(PartRules rules) {
            this.rules = rules;
        }

        @Override
        public void prepare(ObjectNode updated, ObjectNode old) {
            inStoredForm(updated, tree -> rules.prepare(tree, toStorage(old)));
        }

        @Override
        public List<FieldError> validate(ObjectNode updated, ObjectNode old) {
            return rules.validate(toStorage(updated), toStorage(old));
        }
    }

    @Override
    public List<String> warnings(ObjectNode object, Optional<ObjectNode> old) {
        return rules().warnings(toStorage(object), old.map(this::toStorage));
    }

    private static List<FieldError> both(List<FieldError> one, List<FieldError> other) {
        List<FieldError> all = new ArrayList<>(one);
        all.addAll(other);
        return all;
    }

    @Override
    public boolean servedVerbatim() {
        return false;
    }

    @Override
    public Optional<String> storageGroup() {
        return Optional.of(stored.storageGroup());
    }

    @Override
    public ObjectNode toStorage(ObjectNode object) {
        return conversion.toStored().apply(object.deepCopy()).put("apiVersion", stored.apiVersion());
    }

    private ObjectNode toServed(ObjectNode tree) {
        return conversion.toServed().apply(tree).put("apiVersion", apiVersion);
    }

    @Override
    public List<CachedObject> served(List<CachedObject> objects) {
        return objects.stream().map(this::shown).toList();
    }

    private CachedObject shown(CachedObject object) {
        ObjectNode tree = toServed(object.tree().deepCopy());
        return new ServedObject(object.key(), object.uid(), object.revision(), Trees.bytes(tree), tree);
    }

    /** Lets a rule of the stored version change the object, in place. */
    private void inStoredForm(ObjectNode object, Consumer<ObjectNode> rule) {
        ObjectNode tree = toStorage(object);
        rule.accept(tree);
        ObjectNode changed = toServed(tree);
        object.removeAll();
        object.setAll(changed);
    }
}
