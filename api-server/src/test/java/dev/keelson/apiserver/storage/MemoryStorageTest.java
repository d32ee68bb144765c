package dev.keelson.apiserver.storage;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.apiserver.storage.ChangeFeed.Scope;
import org.junit.jupiter.api.Test;

class MemoryStorageTest extends StorageContract {
    private final MemoryStorage storage = new MemoryStorage();

    @Override
    protected Storage storage() {
        return storage;
    }

    @Override
    protected ChangeSource changes() {
        return storage;
    }

    @Override
    protected History history() {
        return storage;
    }

    @Test
    void historyThatWasForgottenIsExpired() {
        storage.forgetHistory(Sequence.LOG, new Revision(10));

        assertThatThrownBy(() -> storage.feed(Sequence.LOG)
                        .history(new Scope("", "pods"), new Revision(9), new Revision(11), ReadLimit.changes(10))
                        .toCompletableFuture()
                        .join())
                .hasMessageContaining("10");
    }
}
