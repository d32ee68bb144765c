package dev.keelson.apiserver.watch;

import dev.keelson.apiserver.storage.Change;
import dev.keelson.apiserver.storage.ChangeFeed.Scope;
import dev.keelson.apiserver.storage.ReadLimit;
import dev.keelson.apiserver.storage.Revision;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Where a subscription reads what memory no longer has. */
@FunctionalInterface
interface HistoryReader {
    CompletionStage<List<Change>> read(Scope scope, Revision after, Revision upTo, ReadLimit limit);

    /** The failure itself, without the wrapping that completion stages add. */
    static Throwable cause(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }
}
