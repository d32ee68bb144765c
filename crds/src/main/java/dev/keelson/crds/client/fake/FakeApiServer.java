package dev.keelson.crds.client.fake;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.client.ApiException.Kind;
import dev.keelson.crds.client.DeleteOptions;
import dev.keelson.crds.client.ListOptions;
import dev.keelson.crds.client.ObjectKey;
import dev.keelson.crds.model.ResourceType;
import dev.keelson.crds.model.Selectors;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * The API server's rules in memory, for tests: one revision counter, uids, generations, status as a part of its own,
 * preconditions, graceful deletion, finalizers, and a log that watches read.
 *
 * <p>It does what the contract suite of {@link dev.keelson.crds.client.ApiClient} demands and no more: no defaulting,
 * no validation, no admission. Uids and generated names count up, so runs are repeatable.
 */
public final class FakeApiServer {

    /** One entry of the revision log. */
    record Logged(long revision, String type, FakeObject object, FakeObject before) {}

    private static final long DEFAULT_POD_GRACE_SECONDS = 30;

    private final Clock clock;
    private final Map<String, TreeMap<ObjectKey, FakeObject>> stored = new HashMap<>();
    private final Map<String, NavigableMap<Long, Logged>> log = new HashMap<>();
    private long revision;
    private long compacted;
    private long names;
    private int generationOfWatches;

    public FakeApiServer(Clock clock) {
        this.clock = clock;
    }

    public FakeApiServer() {
        this(Clock.systemUTC());
    }

    /** A client of this server; any number may be open. */
    public FakeApiClient client() {
        return new FakeApiClient(this);
    }

    /** The newest revision. */
    public synchronized long revision() {
        return revision;
    }

    /** Forgets the log up to the newest revision: watches from before it fail with {@code EXPIRED}. */
    public synchronized void compact() {
        compacted = revision;
        log.clear();
    }

    /** Ends every open watch, as a restarting server does. */
    public synchronized void dropWatches() {
        generationOfWatches++;
        notifyAll();
    }

    synchronized int generationOfWatches() {
        return generationOfWatches;
    }

    synchronized FakeObject get(ResourceType<?> type, ObjectKey key) {
        FakeObject found = all(type).get(key);
        if (found == null) {
            throw new ApiException(Kind.NOT_FOUND, 404, "%s \"%s\" not found".formatted(type.plural(), key.name()));
        }
        return found.copy();
    }

    synchronized List<FakeObject> list(ResourceType<?> type, String namespace, ListOptions options) {
        return all(type).values().stream()
                .filter(object -> matches(object, namespace, options))
                .map(FakeObject::copy)
                .toList();
    }

    static boolean matches(FakeObject object, String namespace, ListOptions options) {
        return (namespace.isEmpty() || namespace.equals(object.meta("namespace")))
                && Selectors.parse(options.labelSelector()).test(object.labels())
                && object.matchesFields(options.fieldSelector());
    }

    synchronized FakeObject create(ResourceType<?> type, FakeObject object) {
        ObjectNode metadata = object.metadata();
        if (object.meta("name").isEmpty()) {
            metadata.put("name", object.meta("generateName") + Long.toString(++names + 1_000_000, 36));
        }
        ObjectKey key = key(object);
        if (all(type).containsKey(key)) {
            throw new ApiException(
                    Kind.ALREADY_EXISTS, 409, "%s \"%s\" already exists".formatted(type.plural(), key.name()));
        }
        refuseInTerminatingNamespace(key);
        metadata.put("uid", "uid-%06d".formatted(revision + 1));
        metadata.put("creationTimestamp", now());
        metadata.put("generation", 1);
        metadata.remove("deletionTimestamp");
        if (type == ResourceType.NAMESPACES) {
            object.tree().withObject("/spec").putArray("finalizers").add("kubernetes");
            object.tree().withObject("/status").put("phase", "Active");
        } else if (type == ResourceType.PODS) {
            object.tree().withObject("/status").put("phase", "Pending");
        }
        return commit(type, "ADDED", object, object);
    }

    private void refuseInTerminatingNamespace(ObjectKey key) {
        FakeObject namespace = all(ResourceType.NAMESPACES).get(new ObjectKey("", key.namespace()));
        if (namespace != null && namespace.deleting()) {
            throw new ApiException(
                    Kind.FORBIDDEN,
                    403,
                    "unable to create %s in namespace %s because it is being terminated"
                            .formatted(key.name(), key.namespace()));
        }
    }

    /** Reads, changes and writes back one object under its preconditions; unchanged objects get no new revision. */
    synchronized FakeObject modify(
            ResourceType<?> type, ObjectKey key, String expectedRevision, UnaryOperator<FakeObject> change) {
        FakeObject before = get(type, key);
        if (!expectedRevision.isEmpty() && Long.parseLong(expectedRevision) != before.revision()) {
            throw new ApiException(
                    Kind.CONFLICT,
                    409,
                    "Operation cannot be fulfilled on %s \"%s\": the object has been modified"
                            .formatted(type.plural(), key.name()));
        }
        FakeObject after = change.apply(before.copy());
        for (String kept :
                List.of("uid", "creationTimestamp", "resourceVersion", "generation", "deletionTimestamp", "name")) {
            after.metadata().set(kept, before.metadata().get(kept));
        }
        if (before.metadata().get("deletionTimestamp") == null) {
            after.metadata().remove("deletionTimestamp");
        }
        if (after.specDiffers(before)) {
            after.metadata()
                    .put("generation", before.metadata().path("generation").asLong() + 1);
        }
        if (after.tree().equals(before.tree())) {
            return before;
        }
        if (after.deleting() && !after.heldBack()) {
            all(type).remove(key);
            return commit(type, "DELETED", after, before);
        }
        return commit(type, "MODIFIED", after, before);
    }

    synchronized void delete(ResourceType<?> type, ObjectKey key, DeleteOptions options) {
        FakeObject object = get(type, key);
        FakeObject before = object.copy();
        if (!options.uid().isEmpty() && !options.uid().equals(object.meta("uid"))) {
            throw new ApiException(
                    Kind.CONFLICT,
                    409,
                    "the UID in the precondition (%s) does not match the UID in record (%s)"
                            .formatted(options.uid(), object.meta("uid")));
        }
        if (!options.resourceVersion().isEmpty() && Long.parseLong(options.resourceVersion()) != object.revision()) {
            throw new ApiException(
                    Kind.CONFLICT,
                    409,
                    "the ResourceVersion in the precondition (%s) does not match the ResourceVersion in record (%d)"
                            .formatted(options.resourceVersion(), object.revision()));
        }
        ObjectNode metadata = object.metadata();
        if (options.propagationPolicy().equals("Foreground")) {
            addFinalizer(object, "foregroundDeletion");
        } else if (options.propagationPolicy().equals("Orphan")) {
            addFinalizer(object, "orphan");
        }
        if (type == ResourceType.PODS) {
            metadata.put("deletionGracePeriodSeconds", podGrace(object, options));
        }
        if (!object.heldBack()) {
            all(type).remove(key);
            commit(type, "DELETED", object, before);
            return;
        }
        if (!object.deleting()) {
            metadata.put("deletionTimestamp", now());
            metadata.put("generation", metadata.path("generation").asLong() + 1);
        }
        if (type == ResourceType.NAMESPACES) {
            object.tree().withObject("/status").put("phase", "Terminating");
        }
        if (!object.tree().equals(before.tree())) {
            commit(type, "MODIFIED", object, before);
        }
    }

    private static void addFinalizer(FakeObject object, String finalizer) {
        for (var present : object.metadata().path("finalizers")) {
            if (present.asText().equals(finalizer)) {
                return;
            }
        }
        object.metadata().withArray("/finalizers").add(finalizer);
    }

    /** A pod that no node runs has nothing to stop; a repeated deletion may shorten the grace, never lengthen it. */
    private static long podGrace(FakeObject pod, DeleteOptions options) {
        boolean nothingRuns = pod.tree().at("/spec/nodeName").asText("").isEmpty()
                || List.of("Succeeded", "Failed")
                        .contains(pod.tree().at("/status/phase").asText());
        if (nothingRuns) {
            return 0;
        }
        long asked = options.gracePeriod()
                .map(java.time.Duration::toSeconds)
                .orElse(pod.tree().at("/spec/terminationGracePeriodSeconds").asLong(DEFAULT_POD_GRACE_SECONDS));
        return pod.deleting()
                ? Math.min(
                        asked, pod.metadata().path("deletionGracePeriodSeconds").asLong(asked))
                : asked;
    }

    private FakeObject commit(ResourceType<?> type, String event, FakeObject object, FakeObject before) {
        object.metadata().put("resourceVersion", Long.toString(++revision));
        if (!event.equals("DELETED")) {
            all(type).put(key(object), object.copy());
        }
        log.computeIfAbsent(type.plural(), unused -> new TreeMap<>())
                .put(revision, new Logged(revision, event, object.copy(), before.copy()));
        notifyAll();
        return object.copy();
    }

    /** The log entries of one type after a revision. */
    synchronized List<Logged> since(ResourceType<?> type, long after) {
        if (after < compacted) {
            throw new ApiException(Kind.EXPIRED, 410, "too old resource version: %d (%d)".formatted(after, compacted));
        }
        return List.copyOf(log.getOrDefault(type.plural(), new TreeMap<>())
                .tailMap(after, false)
                .values());
    }

    /** Waits until the log has grown beyond a revision or the watches were dropped, or a moment has passed. */
    synchronized void awaitBeyond(long seen, int generation) throws InterruptedException {
        if (revision <= seen && generationOfWatches == generation) {
            wait(100);
        }
    }

    private TreeMap<ObjectKey, FakeObject> all(ResourceType<?> type) {
        return stored.computeIfAbsent(type.plural(), unused -> new TreeMap<>());
    }

    private static ObjectKey key(FakeObject object) {
        return new ObjectKey(object.meta("namespace"), object.meta("name"));
    }

    private String now() {
        return Instant.now(clock).truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
