package dev.keelson.apiserver.storage.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.StorageException;
import dev.keelson.apiserver.storage.Stored;
import dev.keelson.apiserver.storage.Write;
import dev.keelson.apiserver.watch.WatchCache;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What clients were told, with the moments between which it must have been true; checked when the truth is known. */
final class Sightings {

    private record Acknowledged(long before, Write write, Stored stored) {}

    private record Refused(long before, long after, List<Write> writes, StorageException.Kind kind) {}

    private record Read(long before, long after, ObjectKey key, Optional<Stored> found) {}

    private record Listed(long before, long revision, Map<ObjectKey, Long> objects) {}

    private final List<Acknowledged> acknowledged = new ArrayList<>();
    private final List<Refused> refused = new ArrayList<>();
    private final List<Read> reads = new ArrayList<>();
    private final List<Listed> lists = new ArrayList<>();
    private final List<List<Write>> unknown = new ArrayList<>();
    private final List<List<Stored>> together = new ArrayList<>();
    private long newest = 1;

    /** The newest revision that anybody was told of: whatever begins now comes after it. */
    synchronized long newest() {
        return newest;
    }

    synchronized int count() {
        return acknowledged.size();
    }

    synchronized void acknowledged(long before, List<Write> writes, List<Stored> stored) {
        for (int i = 0; i < writes.size(); i++) {
            acknowledged.add(new Acknowledged(before, writes.get(i), stored.get(i)));
        }
        together.add(stored);
        newest = Math.max(newest, stored.getLast().revision().value());
    }

    synchronized void refused(long before, long after, List<Write> writes, StorageException.Kind kind) {
        refused.add(new Refused(before, after, writes, kind));
    }

    /** Writes whose answer did not come: they happened, or they did not. */
    synchronized void unknown(List<Write> writes) {
        unknown.add(writes);
    }

    synchronized void read(long before, long after, ObjectKey key, Optional<Stored> found) {
        reads.add(new Read(before, after, key, found));
    }

    synchronized void listed(long before, WatchCache.Snapshot snapshot) {
        Map<ObjectKey, Long> objects = new HashMap<>();
        snapshot.objects()
                .forEach(object -> objects.put(object.key(), object.revision().value()));
        lists.add(new Listed(before, snapshot.revision().value(), objects));
        newest = Math.max(newest, snapshot.revision().value());
    }

    synchronized String counts() {
        long transactions =
                together.stream().filter(stored -> stored.size() > 1).count();
        return "acknowledged=%d transactions=%d refused=%d unknown=%d reads=%d lists=%d"
                .formatted(
                        acknowledged.size(), transactions, refused.size(), unknown.size(), reads.size(), lists.size());
    }

    synchronized void check(Truth truth) {
        acknowledged.forEach(each -> checkAcknowledged(truth, each));
        checkNothingElseHappened(truth);
        Map<Long, Long> commits = commits(truth);
        // Whoever refuses a commit may have looked at any of its writes.
        refused.forEach(each -> assertThat(each.writes())
                .as("some moment explains %s", each)
                .anyMatch(write -> truth.possible(
                        write.key(), each.before(), each.after(), at -> refuses(at, write, each.kind()))));
        reads.forEach(each -> assertThat(truth.possible(each.key(), each.before(), each.after(), at -> at.map(
                                Truth.Entry::revision)
                        .equals(each.found().map(found -> found.revision().value()))))
                .as("some moment explains %s", each)
                .isTrue());
        lists.forEach(each -> {
            assertThat(each.revision())
                    .as("a list is as new as what was known before")
                    .isGreaterThanOrEqualTo(each.before());
            assertThat(each.objects()).as("list at %d", each.revision()).isEqualTo(truth.objects(each.revision()));
            assertThat(commits)
                    .as("a list is never of a moment inside a commit")
                    .doesNotContainKey(each.revision());
        });
    }

    private static void checkAcknowledged(Truth truth, Acknowledged each) {
        long revision = each.stored().revision().value();
        assertThat(truth.at(revision).payload()).isEqualTo(ModelClient.payload(each.write()));
        assertThat(revision).as("a later write has a greater revision").isGreaterThan(each.before());
        Optional<Truth.Entry> was = truth.state(each.write().key(), revision - 1);
        long expected =
                switch (each.write()) {
                    case Write.Create create -> 0;
                    case Write.Update update -> update.expected().value();
                    case Write.Delete delete -> delete.expected().value();
                };
        assertThat(was.map(Truth.Entry::revision).orElse(0L))
                .as("what %s replaced", each)
                .isEqualTo(expected);
    }

    private void checkNothingElseHappened(Truth truth) {
        Set<Long> known = new HashSet<>();
        acknowledged.forEach(each -> known.add(each.stored().revision().value()));
        Set<String> possible =
                unknown.stream().flatMap(List::stream).map(ModelClient::payload).collect(Collectors.toSet());
        assertThat(truth.events("", 1, truth.last()))
                .allMatch(entry -> known.contains(entry.revision()) || possible.contains(entry.payload()));
    }

    /** The revisions that are inside a commit, each with the last one of that commit. */
    private Map<Long, Long> commits(Truth truth) {
        Map<Long, Long> inside = new HashMap<>();
        together.forEach(stored ->
                note(inside, stored.stream().map(one -> one.revision().value()).toList()));
        for (List<Write> writes : unknown) {
            List<Long> happened = writes.stream()
                    .map(ModelClient::payload)
                    .flatMap(payload -> truth.find(payload).stream())
                    .map(Truth.Entry::revision)
                    .toList();
            assertThat(happened.size()).as("all or none of %s", writes).isIn(0, writes.size());
            note(inside, happened);
        }
        return inside;
    }

    private static void note(Map<Long, Long> inside, List<Long> revisions) {
        for (int i = 0; i + 1 < revisions.size(); i++) {
            assertThat(revisions.get(i + 1))
                    .as("nothing comes between two writes of a commit")
                    .isEqualTo(revisions.get(i) + 1);
            inside.put(revisions.get(i), revisions.getLast());
        }
    }

    private static boolean refuses(Optional<Truth.Entry> at, Write write, StorageException.Kind kind) {
        return switch (write) {
            case Write.Create create -> kind == StorageException.Kind.ALREADY_EXISTS && at.isPresent();
            case Write.Update update -> refuses(at, update.expected().value(), kind);
            case Write.Delete delete -> refuses(at, delete.expected().value(), kind);
        };
    }

    private static boolean refuses(Optional<Truth.Entry> at, long expected, StorageException.Kind kind) {
        return at.map(found -> found.revision() != expected && kind == StorageException.Kind.CONFLICT)
                .orElse(kind == StorageException.Kind.NOT_FOUND);
    }
}
