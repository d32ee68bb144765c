package dev.keelson.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.watch.CachedObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What one kind adds to the generic machinery. Every method is a pure function of its arguments; the trees it is given
 * are the caller's own copies and may be changed in place. Metadata rules that hold for all kinds are not repeated here.
 */
public interface ResourceStrategy {

    /** Which names objects of this kind may have. */
    default NameRule nameRule() {
        return NameRule.DNS_SUBDOMAIN;
    }

    /** Fills in the defaults of the kind's API version, as Kubernetes does on every decode. */
    void applyDefaults(ObjectNode object);

    /** Sets what the server decides at creation, for example clears or initialises status. */
    void prepareForCreate(ObjectNode object);

    /** Carries over what a spec update must not change, for example status. */
    void prepareForUpdate(ObjectNode updated, ObjectNode old);

    /** Whether the server counts the generations of what is desired, which not all kinds have it do. */
    default boolean hasGenerations() {
        return false;
    }

    /** Whether a change counts as a new generation of what is desired. */
    default boolean raisesGeneration(ObjectNode updated, ObjectNode old) {
        return false;
    }

    /** Fills in what belongs to a status that was written through its own subresource. */
    default void completeStatus(ObjectNode object) {}

    /** Prepares an object that is asked to go, before it is decided whether somebody holds it. */
    default void prepareForDelete(ObjectNode object, Instant now) {}

    /**
     * Takes out of the object, in place, what its schema does not know, and answers the paths of that; empty when the
     * kind's schema is one of the published ones.
     */
    default Optional<List<String>> prune(ObjectNode object) {
        return Optional.empty();
    }

    /** The resources inside the object that its schema declares, such as templates. */
    default List<EmbeddedResource> embedded(ObjectNode object) {
        return List.of();
    }

    /** Stored objects as this version of the kind shows them. May wait for others, so only for virtual threads. */
    default List<CachedObject> served(List<CachedObject> stored) {
        return stored;
    }

    /** One stored object as this version of the kind shows it. */
    default CachedObject served(CachedObject stored) {
        return served(List.of(stored)).getFirst();
    }

    /** Whether {@link #served} answers at once, so that an event loop may ask. */
    default boolean servesAtOnce() {
        return true;
    }

    /** The object in the version in which it is stored; a copy when that is another one. */
    default ObjectNode toStorage(ObjectNode object) {
        return object;
    }

    /** Whether objects are shown byte by byte as they are stored, so that {@link #served} need not be asked. */
    default boolean servedVerbatim() {
        return true;
    }

    /** The group under which objects are stored, when the kind is a view of another group's objects. */
    default Optional<String> storageGroup() {
        return Optional.empty();
    }

    /** Where the kind keeps what its scale shows. */
    default ScalePaths scalePaths() {
        return ScalePaths.USUAL;
    }

    /** Whether the kind is one of those that the server knows by itself; others know no strategic merge. */
    default boolean isBuiltIn() {
        return true;
    }

    /**
     * The rules of a part that is written through a subresource of its own. Where a kind has some for its status, they
     * alone judge it; other statuses are judged with the whole object.
     */
    default Optional<PartRules> part(String subresource) {
        return Optional.empty();
    }

    /** Everything that is wrong with the object, in field order; empty when it is valid. */
    List<FieldError> validate(ObjectNode object);

    /** Everything that is wrong with a new object; {@link #validate} unless a kind judges new objects otherwise. */
    default List<FieldError> validateCreate(ObjectNode object) {
        return validate(object);
    }

    /** What is wrong with the change, such as immutable fields, beside {@link #validate}. */
    List<FieldError> validateUpdate(ObjectNode updated, ObjectNode old);

    /**
     * What somebody should know about a write that succeeds.
     *
     * @param old empty when the object is new
     */
    default List<String> warnings(ObjectNode object, Optional<ObjectNode> old) {
        return List.of();
    }

    /** The same of a new object as it was sent, where that no longer shows once the server has completed it. */
    default List<String> warningsBeforeCreation(ObjectNode object) {
        return List.of();
    }
}
