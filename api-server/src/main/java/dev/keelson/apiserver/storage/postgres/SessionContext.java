package dev.keelson.apiserver.storage.postgres;

import io.quarkus.vertx.core.runtime.context.VertxContextSafetyToggle;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Runs work of Hibernate Reactive where it belongs: on an event loop, in a context of its own. In the caller's context
 * its sessions would be shared with whatever else the caller does there.
 */
public final class SessionContext {
    private final Context context;

    public SessionContext(Vertx vertx) {
        this.context = vertx.getOrCreateContext();
    }

    <T> CompletionStage<T> run(Supplier<Uni<T>> work) {
        Promise<T> result = Promise.promise();
        Context own = VertxContext.createNewDuplicatedContext(context);
        // Nobody else has this context, so nothing can be shared in it by mistake; Quarkus asks for that promise.
        VertxContextSafetyToggle.setContextSafe(own, true);
        return PostgresFeed.answered(() -> {
            own.runOnContext(
                    ignored -> Uni.createFrom().deferred(work::get).subscribe().with(result::complete, result::fail));
            return result.future();
        });
    }
}
