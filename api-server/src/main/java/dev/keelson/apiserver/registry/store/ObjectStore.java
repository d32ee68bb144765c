package dev.keelson.apiserver.registry.store;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.admission.Admission;
import dev.keelson.apiserver.admission.AdmissionRequest;
import dev.keelson.apiserver.admission.AdmissionRequest.Operation;
import dev.keelson.apiserver.admission.Companion;
import dev.keelson.apiserver.patch.FieldOwner;
import dev.keelson.apiserver.patch.ManagedFields;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.FieldError;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.Waiting;
import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.storage.Storage;
import dev.keelson.apiserver.storage.StorageException;
import dev.keelson.apiserver.storage.Stored;
import dev.keelson.apiserver.storage.Write;
import dev.keelson.apiserver.watch.CachedObject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;

/**
 * Writes of any kind: metadata rules, the kind's strategy, admission, then one commit (the generic registry store of
 * the Kubernetes API server). Methods wait for storage, so only for virtual threads.
 */
public final class ObjectStore {
    /** Tries against other writers before the caller is told of the conflict. */
    private static final int ATTEMPTS = 8;

    private final Storage storage;
    private final Reads reads;
    private final Admission admission;
    private final Companion companion;
    private final ManagedFields managers;
    private final Clock clock;
    private final RandomGenerator random;
    private final RecentWrites recent = new RecentWrites();

    public ObjectStore(
            Storage storage,
            Reads reads,
            Admission admission,
            Companion companion,
            ManagedFields managers,
            Clock clock,
            RandomGenerator random) {
        this.storage = storage;
        this.reads = reads;
        this.admission = admission;
        this.companion = companion;
        this.managers = managers;
        this.clock = clock;
        this.random = random;
    }

    public Reads reads() {
        return reads;
    }

    /** Creates the object, in place completed by name, uid, defaults and admission. */
    public CachedObject create(ResourceDefinition kind, String namespace, ObjectNode object, WriteOptions options) {
        Preparation.forCreate(kind, namespace, object);
        kind.strategy().warningsBeforeCreation(object).forEach(options.told());
        for (int attempt = 1; ; attempt++) {
            ObjectNode candidate = object.deepCopy();
            boolean generated = Meta.name(candidate).isEmpty();
            Preparation.identify(
                    kind, candidate, clock.instant(), UUID.randomUUID().toString(), random);
            try {
                return createOnce(kind, namespace, candidate, options);
            } catch (StorageException e) {
                // A taken name or a lost reservation: try the next one, unless the name was the caller's and is taken.
                boolean taken = e.kind() == StorageException.Kind.ALREADY_EXISTS;
                if (!taken && e.kind() != StorageException.Kind.CONFLICT) {
                    throw e;
                }
                if (attempt == ATTEMPTS || !generated && taken && exists(kind, namespace, Meta.name(candidate))) {
                    throw ApiFailure.alreadyExists(kind, Meta.name(candidate));
                }
                reads.awaitLatest(kind);
            }
        }
    }

    /** Changes the object; a change to what is already there writes nothing. */
    public CachedObject update(
            ResourceDefinition kind, String namespace, String name, Transform transform, WriteOptions options) {
        return change(
                kind,
                namespace,
                name,
                (attempt, current) -> transform.apply(current.tree().deepCopy()),
                options);
    }

    /**
     * Puts another state in the place of the current one; one that is already there writes nothing.
     *
     * @param wanted by the number of the attempt: the store changes what it gets, and asks again when another write came
     *     first
     */
    public CachedObject replace(
            ResourceDefinition kind,
            String namespace,
            String name,
            IntFunction<ObjectNode> wanted,
            WriteOptions options) {
        return change(kind, namespace, name, (attempt, current) -> wanted.apply(attempt), options);
    }

    /** What is wanted at an attempt, as an object that may be changed. */
    private interface Attempt {
        ObjectNode wanted(int attempt, CachedObject current);
    }

    private CachedObject change(
            ResourceDefinition kind, String namespace, String name, Attempt wanting, WriteOptions options) {
        for (int attempt = 1; ; attempt++) {
            CachedObject current = current(kind, namespace, name, attempt);
            ObjectNode wanted = wanting.wanted(attempt, current);
            String expected = Preparation.expectedVersion(kind, name, wanted);
            boolean stale =
                    !expected.isEmpty() && !expected.equals(current.revision().toString());
            if (stale && attempt > 1) {
                throw ApiFailure.modified(kind, name);
            }
            if (stale) {
                // Memory may be behind the client: only the database can say that the client is behind.
                continue;
            }
            try {
                return updateOnce(kind, namespace, current, wanted, options);
            } catch (StorageException e) {
                if (!conflict(e) || attempt == ATTEMPTS) {
                    throw translated(kind, name, e);
                }
            }
        }
    }

    /** Deletes the object, or marks it when someone has to finish first; answers its last state. */
    public DeleteOutcome delete(
            ResourceDefinition kind, String namespace, String name, DeleteOptions options, WriteOptions by) {
        for (int attempt = 1; ; attempt++) {
            CachedObject current = current(kind, namespace, name, attempt);
            Optional<ApiFailure> refusal = Preparation.unmetPrecondition(kind, current.tree(), options);
            if (refusal.isPresent() && attempt > 1) {
                throw refusal.get();
            }
            if (refusal.isPresent()) {
                continue;
            }
            try {
                return deleteOnce(kind, current, options, by);
            } catch (StorageException e) {
                if (!conflict(e) || attempt == ATTEMPTS) {
                    throw translated(kind, name, e);
                }
            }
        }
    }

    private CachedObject createOnce(
            ResourceDefinition kind, String namespace, ObjectNode object, WriteOptions options) {
        AdmissionRequest request = new AdmissionRequest(
                Operation.CREATE,
                kind,
                options.subresource(),
                namespace,
                Meta.name(object),
                object,
                Optional.empty(),
                options.user(),
                options.dryRun());
        admission.mutate(request);
        track(JsonNodeFactory.instance.objectNode(), object, options);
        List<FieldError> errors = new ArrayList<>(MetaRules.validateNew(kind, object));
        errors.addAll(kind.strategy().validateCreate(object));
        refuse(kind, Meta.name(object), errors);
        kind.strategy().warnings(object, Optional.empty()).forEach(options.told());
        admission.validate(request);
        List<Write> beside = companion.beside(request);
        ObjectKey key = Reads.key(kind, namespace, Meta.name(object));
        if (options.dryRun()) {
            if (exists(kind, namespace, Meta.name(object))) {
                throw ApiFailure.alreadyExists(kind, Meta.name(object));
            }
            return unsaved(key, object);
        }
        return commit(kind, new Write.Create(key, Meta.uid(object), toStore(kind, object)), object, beside, options);
    }

    private CachedObject updateOnce(
            ResourceDefinition kind, String namespace, CachedObject current, ObjectNode wanted, WriteOptions options) {
        ObjectNode old = current.tree();
        Preparation.forUpdate(kind, wanted, old, options.subresource());
        AdmissionRequest request = new AdmissionRequest(
                Operation.UPDATE,
                kind,
                options.subresource(),
                namespace,
                Meta.name(old),
                wanted,
                Optional.of(old),
                options.user(),
                options.dryRun());
        admission.mutate(request);
        track(old, wanted, options);
        List<FieldError> errors = new ArrayList<>(MetaRules.validate(kind, wanted));
        errors.addAll(MetaRules.validateUpdate(wanted, old));
        errors.addAll(Preparation.errors(kind, wanted, old, options.subresource()));
        refuse(kind, Meta.name(old), errors);
        if (options.subresource().isEmpty()) {
            kind.strategy().warnings(wanted, Optional.of(old)).forEach(options.told());
        }
        admission.validate(request);
        if (Preparation.finishedDeleting(kind, wanted)) {
            return remove(kind, current, wanted, options);
        }
        List<Write> beside = companion.beside(request);
        Meta.setResourceVersion(wanted, current.revision());
        if (Trees.same(wanted, old)) {
            return current;
        }
        if (options.dryRun()) {
            return new ServedObject(current.key(), current.uid(), current.revision(), Trees.bytes(wanted), wanted);
        }
        return commit(
                kind,
                new Write.Update(current.key(), current.revision(), toStore(kind, wanted)),
                wanted,
                beside,
                options);
    }

    /** Records who set what; an apply has done so itself. */
    private void track(ObjectNode old, ObjectNode updated, WriteOptions options) {
        if (!options.apply()) {
            FieldOwner owner = new FieldOwner(options.fieldManager(), options.subresource());
            managers.track(old, updated, owner, clock.instant());
        }
    }

    private DeleteOutcome deleteOnce(
            ResourceDefinition kind, CachedObject current, DeleteOptions options, WriteOptions by) {
        admission.validate(deletion(kind, current, by));
        return switch (DeletionPlanner.plan(kind, current.tree(), options, clock.instant())) {
            case Deletion.Pending() -> new DeleteOutcome(current, false);
            case Deletion.Remove(ObjectNode last) -> new DeleteOutcome(remove(kind, current, last, by), true);
            case Deletion.Mark(ObjectNode marked)
            when by.dryRun() -> new DeleteOutcome(unsaved(current.key(), marked), false);
            case Deletion.Mark(ObjectNode marked) ->
                new DeleteOutcome(
                        commit(
                                kind,
                                new Write.Update(current.key(), current.revision(), toStore(kind, marked)),
                                marked,
                                List.of(),
                                by),
                        false);
        };
    }

    private CachedObject remove(ResourceDefinition kind, CachedObject current, ObjectNode last, WriteOptions by) {
        if (by.dryRun()) {
            return unsaved(current.key(), last);
        }
        List<Write> beside = companion.beside(deletion(kind, current, by));
        return commit(kind, new Write.Delete(current.key(), current.revision(), toStore(kind, last)), last, beside, by);
    }

    private static AdmissionRequest deletion(ResourceDefinition kind, CachedObject current, WriteOptions by) {
        return new AdmissionRequest(
                Operation.DELETE,
                kind,
                "",
                current.key().namespace(),
                current.key().name(),
                current.tree(),
                Optional.of(current.tree()),
                by.user(),
                by.dryRun());
    }

    private CachedObject commit(
            ResourceDefinition kind, Write write, ObjectNode tree, List<Write> beside, WriteOptions by) {
        List<Write> all = new ArrayList<>(beside);
        all.add(write);
        Stored stored = Waiting.forResult(storage.commit(all, by.user().name())).getLast();
        if (write instanceof Write.Delete) {
            recent.forget(stored.key());
        } else {
            recent.add(stored);
        }
        if (kind.strategy().servedVerbatim()) {
            return Trees.served(stored, tree);
        }
        // What was stored may be of another version than what was asked for.
        Meta.setResourceVersion(tree, stored.revision());
        return new ServedObject(stored.key(), stored.uid(), stored.revision(), Trees.bytes(tree), tree);
    }

    private static byte[] toStore(ResourceDefinition kind, ObjectNode tree) {
        return Trees.toStore(kind.strategy().toStorage(tree));
    }

    private static CachedObject unsaved(ObjectKey key, ObjectNode object) {
        return new ServedObject(key, Meta.uid(object), Revision.NONE, Trees.bytes(object), object);
    }

    /** The first look is into memory; whoever has to look again gets the database's word. */
    private CachedObject current(ResourceDefinition kind, String namespace, String name, int attempt) {
        Optional<CachedObject> cached = attempt == 1 ? reads.cached(kind, namespace, name) : Optional.empty();
        if (cached.isPresent()) {
            return recent.since(cached.get())
                    .map(written -> kind.strategy().served(Trees.served(written)))
                    .orElseGet(cached::get);
        }
        try {
            return kind.strategy()
                    .served(Trees.served(Waiting.forResult(storage.get(Reads.key(kind, namespace, name)))));
        } catch (StorageException e) {
            throw translated(kind, name, e);
        }
    }

    private boolean exists(ResourceDefinition kind, String namespace, String name) {
        try {
            Waiting.forResult(storage.get(Reads.key(kind, namespace, name)));
            return true;
        } catch (StorageException e) {
            if (e.kind() == StorageException.Kind.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    private static boolean conflict(StorageException e) {
        return switch (e.kind()) {
            case CONFLICT, ALREADY_EXISTS, NOT_FOUND -> true;
            case EXPIRED, UNAVAILABLE, INTERNAL -> false;
        };
    }

    private static RuntimeException translated(ResourceDefinition kind, String name, StorageException e) {
        return switch (e.kind()) {
            case NOT_FOUND -> ApiFailure.notFound(kind, name);
            case CONFLICT, ALREADY_EXISTS -> ApiFailure.modified(kind, name);
            case EXPIRED, UNAVAILABLE, INTERNAL -> e;
        };
    }

    private static void refuse(ResourceDefinition kind, String name, List<FieldError> errors) {
        if (!errors.isEmpty()) {
            throw ApiFailure.invalid(kind, name, errors);
        }
    }
}
