package dev.keelson.apiserver.storage.postgres;

import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Sequence;
import dev.keelson.apiserver.storage.Stored;
import dev.keelson.apiserver.watch.StoredPages;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.hibernate.reactive.mutiny.Mutiny;

/** Reads that are not on a hot path, by the mapping of the tables. */
public final class HibernateReads implements ObjectReads, StoredPages {
    private static final String AFTER = "(r.id.apiGroup, r.id.resource, r.id.namespace, r.id.name) > (:g, :r, :s, :n)"
            + " order by r.id.apiGroup, r.id.resource, r.id.namespace, r.id.name";
    private static final String OBJECTS = "from ObjectRow r where " + AFTER;
    private static final String HEARTBEATS = "from HeartbeatRow r where r.deletedAt is null and " + AFTER;
    private static final ObjectKey FIRST = new ObjectKey("", "", "", "");

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

    @Override
    public CompletionStage<List<Stored>> page(Sequence sequence, Optional<ObjectKey> after, int limit) {
        return context.run(() -> sessions.withSession(session -> sequence == Sequence.LOG
                ? page(session.createQuery(OBJECTS, ObjectRow.class), after.orElse(FIRST), limit)
                : page(session.createQuery(HEARTBEATS, HeartbeatRow.class), after.orElse(FIRST), limit)));
    }

    private static <T extends CurrentState> Uni<List<Stored>> page(
            Mutiny.SelectionQuery<T> query, ObjectKey after, int limit) {
        return query.setParameter("g", after.group())
                .setParameter("r", after.resource())
                .setParameter("s", after.namespace())
                .setParameter("n", after.name())
                .setMaxResults(limit)
                .setReadOnly(true)
                .getResultList()
                .map(rows -> rows.stream().map(CurrentState::stored).toList());
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
