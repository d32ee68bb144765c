package dev.keelson.apiserver.http.past;

import dev.keelson.apiserver.http.reply.ObjectShapes;
import dev.keelson.apiserver.http.reply.Reply;
import dev.keelson.apiserver.http.reply.TableShape;
import dev.keelson.apiserver.http.request.ApiRequest;
import dev.keelson.apiserver.http.request.TimeView;
import dev.keelson.apiserver.http.verb.ListHandler;
import dev.keelson.apiserver.http.verb.ListParameters;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.StatusDetails;
import dev.keelson.apiserver.registry.StatusReason;
import dev.keelson.apiserver.registry.Waiting;
import dev.keelson.apiserver.registry.store.Trees;
import dev.keelson.apiserver.storage.ChangeFeed.Scope;
import dev.keelson.apiserver.storage.History;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.storage.Sequence;
import dev.keelson.apiserver.storage.Storage;
import dev.keelson.apiserver.watch.CachedObject;
import java.time.Clock;
import java.util.List;

/** {@code get} and {@code list} as of an earlier moment, and the changes of one object. Waits for the database. */
public final class PastHandler {
    private final Storage storage;
    private final History history;
    private final ListHandler lists;
    private final ChangeList changes;
    private final Clock clock;

    public PastHandler(Storage storage, History history, ListHandler lists, Clock clock) {
        this.storage = storage;
        this.history = history;
        this.lists = lists;
        this.changes = new ChangeList(history, clock);
        this.clock = clock;
    }

    public Reply past(ApiRequest request, TimeView.Past view) {
        refuseUnlessRead(request, List.of("get", "list"));
        Revision revision = revision(Moment.parse(view.moment(), clock.instant()));
        List<CachedObject> objects = objects(request, revision);
        if (request.info().verb().equals("get")) {
            CachedObject object = objects.stream()
                    .findFirst()
                    .orElseThrow(() ->
                            ApiFailure.notFound(request.kind(), request.info().name()));
            var include = TableShape.IncludeObject.parse(request.query().text("includeObject"));
            return Reply.json(
                    200, new ObjectShapes(request.kind(), request.rendering(), include).one(object, clock.instant()));
        }
        ListParameters parameters = ListParameters.parse(request.query(), request.kind());
        List<CachedObject> selected =
                objects.stream().filter(parameters.selection()::matches).toList();
        return lists.reply(request, new ListHandler.Chunk(revision, selected, "", 0));
    }

    public Reply changes(ApiRequest request) {
        if (request.info().verb().equals("list")) {
            throw ApiFailure.badRequest(
                    ("a history is of one object: add its name, /keelson.dev/v1/history%s/NAME; what all of them"
                                    + " were at a time is read below /keelson.dev/v1/past/TIME")
                            .formatted(request.info().path()));
        }
        refuseUnlessRead(request, List.of("get"));
        return changes.of(request);
    }

    private List<CachedObject> objects(ApiRequest request, Revision revision) {
        ResourceDefinition kind = request.kind();
        Scope scope = new Scope(kind.storageGroup(), kind.plural());
        List<CachedObject> stored =
                Waiting.forResult(history.objects(
                                scope, request.namespace(), request.info().name(), revision))
                        .stream()
                        .<CachedObject>map(Trees::served)
                        .toList();
        return kind.strategy().served(stored);
    }

    private Revision revision(Moment moment) {
        return switch (moment) {
            case Moment.AtTime at -> Waiting.forResult(history.revisionAt(at.time()));
            case Moment.AtRevision at -> notInFuture(at.revision());
        };
    }

    private Revision notInFuture(Revision asked) {
        Revision newest = Waiting.forResult(storage.currentRevision());
        if (asked.compareTo(newest) > 0) {
            throw ApiFailure.badRequest("revision %s lies in the future: the newest is %s".formatted(asked, newest));
        }
        return asked;
    }

    private static void refuseUnlessRead(ApiRequest request, List<String> verbs) {
        ResourceDefinition kind = request.kind();
        if (!verbs.contains(request.info().verb())
                || !request.info().subresource().isEmpty()) {
            throw new ApiFailure(
                    StatusReason.METHOD_NOT_ALLOWED,
                    "the past can be read with %s only, not changed or watched".formatted(String.join(" and ", verbs)),
                    StatusDetails.of(request.info().name(), kind.group(), kind.plural()));
        }
        if (Sequence.of(kind.group(), kind.plural()) == Sequence.HEARTBEAT) {
            throw ApiFailure.badRequest("%s are heartbeats: only their newest state is kept".formatted(kind.plural()));
        }
    }
}
