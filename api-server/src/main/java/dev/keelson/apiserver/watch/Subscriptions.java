package dev.keelson.apiserver.watch;

import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Revision;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Who follows a resource, filed by what they want to hear of: a thousand followers of one object each cost a change of
 * another object nothing. Belongs to the cache's thread.
 */
final class Subscriptions {
    private final Map<Interest, Set<CursorSubscription>> filed = new HashMap<>();
    private Revision offered;

    /** Objects of one namespace and of one name; an empty text means any. */
    record Interest(String namespace, String name) {
        boolean everything() {
            return namespace.isEmpty() && name.isEmpty();
        }

        boolean covers(ObjectKey key) {
            return (namespace.isEmpty() || namespace.equals(key.namespace()))
                    && (name.isEmpty() || name.equals(key.name()));
        }

        /** Every interest that covers the object, few followers first: they must not wait for thousands. */
        static Stream<Interest> in(ObjectKey key) {
            return Stream.of(
                    new Interest(key.namespace(), key.name()),
                    new Interest("", key.name()),
                    new Interest(key.namespace(), ""),
                    new Interest("", ""));
        }
    }

    Subscriptions(Revision offered) {
        this.offered = offered;
    }

    void add(CursorSubscription subscription) {
        filed.computeIfAbsent(subscription.interest(), absent -> new LinkedHashSet<>())
                .add(subscription);
    }

    void remove(CursorSubscription subscription) {
        filed.computeIfPresent(subscription.interest(), (interest, all) -> {
            all.remove(subscription);
            return all.isEmpty() ? null : all;
        });
    }

    List<CursorSubscription> all() {
        return filed.values().stream().flatMap(Set::stream).toList();
    }

    /** Those whom one of the events concerns. */
    List<CursorSubscription> concernedBy(List<WatchEvent> events) {
        return events.stream()
                .map(WatchEvent::key)
                .flatMap(Interest::in)
                .distinct()
                .flatMap(interest -> Optional.ofNullable(filed.get(interest)).stream())
                .flatMap(Set::stream)
                .distinct()
                .toList();
    }

    /** Whoever had everything that concerns it has it up to this revision without having been asked. */
    Revision offered() {
        return offered;
    }

    void offered(Revision revision) {
        offered = revision;
    }
}
