package dev.keelson.apiserver.watch;

import dev.keelson.apiserver.storage.ChangeFeed;
import dev.keelson.apiserver.storage.Revision;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Asks the store for its newest revision on behalf of many readers. A question that was sent before a reader came may
 * have been answered before that reader's own last write, so late comers share the next one.
 */
final class LatestGate {
    private final ChangeFeed feed;
    private boolean asking;
    private CompletableFuture<Revision> next = new CompletableFuture<>();
    private boolean wanted;

    LatestGate(ChangeFeed feed) {
        this.feed = feed;
    }

    synchronized CompletionStage<Revision> latest() {
        CompletableFuture<Revision> answer = next;
        wanted = true;
        if (!asking) {
            ask();
        }
        return answer;
    }

    private synchronized void ask() {
        CompletableFuture<Revision> answer = next;
        next = new CompletableFuture<>();
        wanted = false;
        asking = true;
        feed.current().whenComplete((revision, error) -> {
            askAgainIfWanted();
            if (error != null) {
                answer.completeExceptionally(HistoryReader.cause(error));
            } else {
                answer.complete(revision);
            }
        });
    }

    private synchronized void askAgainIfWanted() {
        asking = false;
        if (wanted) {
            ask();
        }
    }
}
