package dev.keelson.apiserver.http.verb;

import dev.keelson.apiserver.http.reply.Reply;
import dev.keelson.apiserver.http.request.ApiRequest;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.Waiting;
import dev.keelson.apiserver.registry.store.Reads;
import dev.keelson.apiserver.registry.store.Trees;
import dev.keelson.apiserver.storage.ChangeFeed.Scope;
import dev.keelson.apiserver.storage.History;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.storage.Sequence;
import dev.keelson.apiserver.storage.StorageException;
import dev.keelson.apiserver.watch.CachedObject;
import dev.keelson.apiserver.watch.WatchCache.Snapshot;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code list}: objects of one kind as of one revision, whole or in chunks. */
public final class ListHandler {
    private static final String TOO_OLD =
            "The provided continue parameter is too old to display a consistent list result. You can start a new list"
                    + " without the continue parameter, or use the continue token in this response to retrieve the"
                    + " remainder of the results. Continuing with the provided token results in an inconsistent list -"
                    + " objects that were created, modified, or deleted between the time the first chunk was returned"
                    + " and now may show up in the list.";

    /** One chunk; {@code next} is empty at the end, {@code remaining} is 0 when it is not known. */
    public record Chunk(Revision revision, List<CachedObject> objects, String next, long remaining) {}

    private final Reads reads;
    private final History history;
    private final Clock clock;
    private final ListSnapshots snapshots;

    public ListHandler(Reads reads, History history, Clock clock) {
        this.reads = reads;
        this.history = history;
        this.clock = clock;
        this.snapshots = new ListSnapshots(clock);
    }

    public Reply list(ApiRequest request) {
        ListParameters parameters = ListParameters.parse(request.query(), request.kind());
        return reply(request, chunk(request.kind(), request.namespace(), parameters));
    }

    /** The objects in the shape that the client asked for. */
    public Reply reply(ApiRequest request, Chunk chunk) {
        return Reply.json(200, new ListBody(request, clock.instant()).of(chunk));
    }

    /** The selected objects, as fresh as the parameters demand. */
    public Chunk chunk(ResourceDefinition kind, String namespace, ListParameters parameters) {
        Snapshot snapshot = snapshot(kind, namespace, parameters);
        int start = 0;
        if (!parameters.continueToken().isEmpty()) {
            start = after(snapshot.objects(), ContinueToken.parse(parameters.continueToken()));
        }
        if (parameters.limit() == 0 && parameters.selection().everything()) {
            List<CachedObject> all = snapshot.objects();
            return new Chunk(snapshot.revision(), all.subList(start, all.size()), "", 0);
        }
        List<CachedObject> found = new ArrayList<>();
        int passed = start;
        for (CachedObject object :
                snapshot.objects().subList(start, snapshot.objects().size())) {
            if (parameters.selection().matches(object)) {
                if (parameters.limit() > 0 && found.size() == parameters.limit()) {
                    return truncated(kind, namespace, parameters, snapshot, found, passed);
                }
                found.add(object);
            }
            passed++;
        }
        return new Chunk(snapshot.revision(), found, "", 0);
    }

    private Chunk truncated(
            ResourceDefinition kind,
            String namespace,
            ListParameters parameters,
            Snapshot snapshot,
            List<CachedObject> found,
            int left) {
        snapshots.keep(kind, namespace, snapshot);
        CachedObject last = found.getLast();
        ContinueToken next = new ContinueToken(
                snapshot.revision().value(), last.key().namespace(), last.key().name());
        // With a selector the rest would have to be searched, so Kubernetes does not say either.
        long remaining =
                parameters.selection().everything() ? snapshot.objects().size() - left : 0;
        return new Chunk(snapshot.revision(), found, next.encode(), remaining);
    }

    private Snapshot snapshot(ResourceDefinition kind, String namespace, ListParameters parameters) {
        if (!parameters.continueToken().isEmpty()) {
            return continued(kind, namespace, ContinueToken.parse(parameters.continueToken()));
        }
        if (parameters.revision().isEmpty()) {
            reads.awaitLatest(kind);
        } else {
            reads.awaitRevision(kind, parameters.revision().get());
        }
        Snapshot snapshot = reads.list(kind, namespace);
        boolean exact = parameters.match() == ListParameters.Match.EXACT;
        if (exact && !snapshot.revision().equals(parameters.revision().orElseThrow())) {
            return past(kind, namespace, parameters.revision().get())
                    .orElseThrow(() -> ApiFailure.expired("The resourceVersion for the provided list is too old."));
        }
        return snapshot;
    }

    /** The objects as of a revision that memory has left behind; empty when it is beyond what is kept. */
    private Optional<Snapshot> past(ResourceDefinition kind, String namespace, Revision revision) {
        Optional<Snapshot> held = snapshots.find(kind, namespace, revision);
        boolean logged = Sequence.of(kind.group(), kind.plural()) != Sequence.HEARTBEAT;
        return held.isPresent() || !logged ? held : fromHistory(kind, namespace, revision);
    }

    private Optional<Snapshot> fromHistory(ResourceDefinition kind, String namespace, Revision revision) {
        try {
            Scope scope = new Scope(kind.storageGroup(), kind.plural());
            List<CachedObject> objects = Waiting.forResult(history.objects(scope, namespace, "", revision)).stream()
                    .<CachedObject>map(Trees::served)
                    .toList();
            return Optional.of(new Snapshot(revision, kind.strategy().served(objects)));
        } catch (StorageException e) {
            if (e.kind() == StorageException.Kind.EXPIRED) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private Snapshot continued(ResourceDefinition kind, String namespace, ContinueToken token) {
        if (!token.consistent()) {
            reads.awaitLatest(kind);
            return reads.list(kind, namespace);
        }
        // A token that says more than was ever committed was not given out here, or by what was restored since.
        reads.awaitRevision(kind, new Revision(token.revision()));
        return past(kind, namespace, new Revision(token.revision()))
                .orElseThrow(() ->
                        ApiFailure.expired(TOO_OLD, token.withoutConsistency().encode()));
    }

    /** The first index behind the token's object; the list is ordered by namespace and name. */
    private static int after(List<CachedObject> objects, ContinueToken token) {
        int low = 0;
        int high = objects.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            CachedObject object = objects.get(middle);
            int order = object.key().namespace().compareTo(token.namespace());
            if (order == 0) {
                order = object.key().name().compareTo(token.name());
            }
            if (order <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
