package dev.keelson.apiserver.http.verb;

import dev.keelson.apiserver.http.reply.ObjectShapes;
import dev.keelson.apiserver.http.reply.Reply;
import dev.keelson.apiserver.http.reply.TableShape;
import dev.keelson.apiserver.http.request.ApiRequest;
import dev.keelson.apiserver.registry.store.Reads;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.watch.CachedObject;
import java.time.Clock;
import java.util.Optional;

/** {@code get} of one object. */
public final class ReadHandler {
    private final Reads reads;
    private final Clock clock;

    public ReadHandler(Reads reads, Clock clock) {
        this.reads = reads;
        this.clock = clock;
    }

    public Reply get(ApiRequest request) {
        Optional<Revision> asked =
                ListParameters.parse(request.query(), request.kind()).revision();
        if (asked.isEmpty()) {
            reads.awaitLatest(request.kind());
        } else {
            reads.awaitRevision(request.kind(), asked.get());
        }
        CachedObject object = reads.require(
                request.kind(), request.namespace(), request.info().name());
        var include = TableShape.IncludeObject.parse(request.query().text("includeObject"));
        return Reply.json(
                200, new ObjectShapes(request.kind(), request.rendering(), include).one(object, clock.instant()));
    }
}
