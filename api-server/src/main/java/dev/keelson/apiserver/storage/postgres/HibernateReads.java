package dev.keelson.apiserver.storage.postgres;

import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Sequence;
import dev.keelson.apiserver.storage.Stored;
import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.hibernate.reactive.mutiny.Mutiny;

/** Reads that are not on a hot path, by the mapping of the tables. */
public final class HibernateReads implements ObjectReads {
    private final Mutiny.SessionFactory sessions;
    private final SessionContext context;

    public HibernateReads(Mutiny.SessionFactory sessions, SessionContext context) {
        this.sessions = sessions;
        this.context = context;
    }

    @Override
    public CompletionStage<Optional<Stored>> find(ObjectKey key) {
        KeyColumns id = KeyColumns.of(key);
        return context.run(() -> sessions.withSession(
                session -> Sequence.of(key) == Sequence.LOG ? object(session, id) : heartbeat(session, id)));
    }

    private static Uni<Optional<Stored>> object(Mutiny.Session session, KeyColumns id) {
        return session.find(ObjectRow.class, id)
                .map(row -> Optional.ofNullable(row).map(CurrentState::stored));
    }

    private static Uni<Optional<Stored>> heartbeat(Mutiny.Session session, KeyColumns id) {
        return session.find(HeartbeatRow.class, id).map(row -> Optional.ofNullable(row)
                .filter(each -> each.deletedAt == null)
                .map(CurrentState::stored));
    }
}
