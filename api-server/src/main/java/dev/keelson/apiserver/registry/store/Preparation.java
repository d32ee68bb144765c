package dev.keelson.apiserver.registry.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.FieldError;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.PartRules;
import dev.keelson.apiserver.registry.ResourceDefinition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** What the server alone decides about metadata, and which parts of an object a write may touch. Pure. */
final class Preparation {
    private static final List<String> SERVER_OWNED =
            List.of("uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation");

    /** They set what the kind's rules for an ordinary update would undo. */
    private static final Set<String> BESIDE_THE_RULES = Set.of("binding", "finalize");

    private static final String STATUS = "status";

    private static final Pattern NUMBER = Pattern.compile("[0-9]{0,19}");

    private Preparation() {}

    /** The checks that need no name yet, and a clean slate for what the server decides. */
    static void forCreate(ResourceDefinition kind, String namespace, ObjectNode object) {
        checkNamespace(kind, namespace, object);
        if (!Meta.resourceVersion(object).isEmpty()) {
            throw ApiFailure.badRequest("resourceVersion should not be set on objects to be created");
        }
        ObjectNode metadata = Meta.of(object);
        JsonNode generation = metadata.path("generation");
        SERVER_OWNED.forEach(metadata::remove);
        if (generation.isNumber() && !kind.strategy().hasGenerations()) {
            // Nobody counts it, so that it is what whoever restores an object says it is.
            metadata.set("generation", generation);
        }
        metadata.remove("selfLink");
        metadata.remove("resourceVersion");
    }

    /** Name, uid, time of birth, then the kind's own defaults, which may depend on the name. */
    static void identify(ResourceDefinition kind, ObjectNode object, Instant now, String uid, RandomGenerator random) {
        ObjectNode metadata = Meta.of(object);
        String base = metadata.path("generateName").asText("");
        if (Meta.name(object).isEmpty() && !base.isEmpty()) {
            metadata.put("name", NameGenerator.complete(base, random));
        }
        metadata.put("uid", uid);
        metadata.put("creationTimestamp", now.truncatedTo(ChronoUnit.SECONDS).toString());
        kind.strategy().applyDefaults(object);
        kind.strategy().prepareForCreate(object);
        if (kind.strategy().hasGenerations()) {
            // Asked for anew: the rules may have put another metadata in its place.
            Meta.of(object).put("generation", 1);
        }
    }

    /** The version that a change was made from; empty when it is for whatever there is, which zero says too. */
    static String expectedVersion(ResourceDefinition kind, String name, ObjectNode wanted) {
        String version = Meta.resourceVersion(wanted);
        if (!version.isEmpty() && !NUMBER.matcher(version).matches()) {
            String shown = JsonNodeFactory.instance.textNode(version).toString();
            throw ApiFailure.invalid(
                    kind,
                    name,
                    List.of(FieldError.invalid(
                            "metadata.resourceVersion",
                            shown,
                            "strconv.ParseUint: parsing " + shown + ": invalid syntax")));
        }
        return version.equals("0") ? "" : version;
    }

    /** Restores what an update of this part of the object must not change, and counts the generation. */
    static void forUpdate(ResourceDefinition kind, ObjectNode wanted, ObjectNode old, String subresource) {
        checkNamespace(kind, Meta.namespace(old), wanted);
        checkName(wanted, old);
        String uid = Meta.uid(wanted);
        if (!uid.isEmpty() && !uid.equals(Meta.uid(old))) {
            throw ApiFailure.conflict(kind, Meta.name(old), uidMismatch(uid, old));
        }
        SERVER_OWNED.forEach(field -> Meta.carry(wanted, old, field));
        Meta.of(wanted).remove("selfLink");
        Meta.carry(wanted, old, "generateName");
        Optional<PartRules> part = kind.strategy().part(subresource);
        if (subresource.equals(STATUS)) {
            keepAllBut(wanted, old, STATUS);
            kind.strategy().completeStatus(wanted);
            part.ifPresent(rules -> rules.prepare(wanted, old));
            return;
        }
        if (part.isPresent()) {
            part.get().prepare(wanted, old);
        } else if (followsRules(subresource)) {
            kind.strategy().applyDefaults(wanted);
            kind.strategy().prepareForUpdate(wanted, old);
        }
        if (kind.strategy().raisesGeneration(wanted, old)) {
            long before = old.path("metadata").path("generation").asLong(0);
            Meta.of(wanted).put("generation", before + 1);
        }
    }

    /** What is wrong with the new state and with the change to it, as far as it was written. */
    static List<FieldError> errors(ResourceDefinition kind, ObjectNode wanted, ObjectNode old, String subresource) {
        Optional<PartRules> part = kind.strategy().part(subresource);
        if (part.isPresent() && subresource.equals(STATUS)) {
            return part.get().validate(wanted, old);
        }
        List<FieldError> errors = new ArrayList<>(kind.strategy().validate(wanted));
        if (part.isPresent()) {
            errors.addAll(part.get().validate(wanted, old));
        } else if (followsRules(subresource)) {
            errors.addAll(kind.strategy().validateUpdate(wanted, old));
        }
        return errors;
    }

    private static boolean followsRules(String subresource) {
        return !BESIDE_THE_RULES.contains(subresource);
    }

    /** Whether the last finalizer went from an object that only waited for that. */
    static boolean finishedDeleting(ResourceDefinition kind, ObjectNode object) {
        boolean namespace = kind.group().isEmpty() && kind.plural().equals("namespaces");
        boolean held = Meta.hasFinalizers(object)
                || namespace && !object.path("spec").path("finalizers").isEmpty();
        return Meta.deleting(object) && !held && Meta.deletionGrace(object).orElse(0L) == 0;
    }

    static Optional<ApiFailure> unmetPrecondition(ResourceDefinition kind, ObjectNode object, DeleteOptions options) {
        String version = options.resourceVersion();
        if (!options.uid().isEmpty() && !options.uid().equals(Meta.uid(object))) {
            return Optional.of(ApiFailure.conflict(kind, Meta.name(object), uidMismatch(options.uid(), object)));
        }
        if (!version.isEmpty() && !version.equals(Meta.resourceVersion(object))) {
            return Optional.of(ApiFailure.conflict(
                    kind,
                    Meta.name(object),
                    "Precondition failed: ResourceVersion in precondition: %s, ResourceVersion in object meta: %s"
                            .formatted(version, Meta.resourceVersion(object))));
        }
        return Optional.empty();
    }

    /** A write to one part leaves every other part, except metadata, as it was. */
    private static void keepAllBut(ObjectNode wanted, ObjectNode old, String part) {
        JsonNode written = wanted.path(part);
        JsonNode metadata = wanted.path("metadata");
        wanted.removeAll();
        wanted.setAll(old.deepCopy());
        wanted.set("metadata", metadata);
        if (written.isMissingNode()) {
            wanted.remove(part);
        } else {
            wanted.set(part, written);
        }
    }

    private static void checkNamespace(ResourceDefinition kind, String namespace, ObjectNode object) {
        String given = Meta.namespace(object);
        if (!kind.namespaced()) {
            Meta.of(object).remove("namespace");
            return;
        }
        if (!given.isEmpty() && !given.equals(namespace)) {
            throw ApiFailure.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request");
        }
        Meta.of(object).put("namespace", namespace);
    }

    private static void checkName(ObjectNode wanted, ObjectNode old) {
        String given = Meta.name(wanted);
        if (!given.isEmpty() && !given.equals(Meta.name(old))) {
            throw ApiFailure.badRequest("the name of the object (%s) does not match the name on the URL (%s)"
                    .formatted(given, Meta.name(old)));
        }
        Meta.of(wanted).put("name", Meta.name(old));
    }

    private static String uidMismatch(String uid, ObjectNode object) {
        return "Precondition failed: UID in precondition: %s, UID in object meta: %s".formatted(uid, Meta.uid(object));
    }
}
