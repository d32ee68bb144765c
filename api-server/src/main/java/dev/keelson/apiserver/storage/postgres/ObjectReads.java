package dev.keelson.apiserver.storage.postgres;

import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Stored;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Single objects as the database has them now. */
public interface ObjectReads {
    CompletionStage<Optional<Stored>> find(ObjectKey key);
}
