package dev.keelson.apiserver.storage.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.storage.StorageException;
import dev.keelson.apiserver.storage.Stored;
import dev.keelson.apiserver.storage.Write;
import dev.keelson.apiserver.watch.CachedObject;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Does one random thing after the other at random servers and notes what it is told. */
final class ModelClient implements Runnable {
    static final List<String> NAMESPACES = List.of("n1", "n2");
    static final String RESOURCE = "things";
    private static final int NAMES = 5;
    private static final int LIMIT_SECONDS = 8;

    private final StoreWorld world;
    private final Sightings sightings;
    private final String name;
    private final Random random;
    private final int operations;
    private int writes;

    ModelClient(StoreWorld world, Sightings sightings, String name, long seed, int operations) {
        this.world = world;
        this.sightings = sightings;
        this.name = name;
        this.random = new Random(seed);
        this.operations = operations;
    }

    static String payload(Write write) {
        return switch (write) {
            case Write.Create create -> Truth.payload(create.json());
            case Write.Update update -> Truth.payload(update.json());
            case Write.Delete delete -> Truth.payload(delete.json());
        };
    }

    @Override
    public void run() {
        for (int i = 0; i < operations; i++) {
            StoreWorld.Server server = any(world.servers());
            switch (random.nextInt(6)) {
                case 0 -> list(server);
                case 1 -> get(server);
                default -> write(server);
            }
        }
    }

    /** One write, or several of which either all happen or none. */
    private void write(StoreWorld.Server server) {
        int size = random.nextInt(4) == 0 ? 2 + random.nextInt(3) : 1;
        Set<ObjectKey> keys = new LinkedHashSet<>();
        while (keys.size() < size) {
            keys.add(randomKey());
        }
        List<Write> writes = keys.stream().map(key -> randomWrite(server, key)).toList();
        long before = sightings.newest();
        try {
            sightings.acknowledged(before, writes, join(server.storage().commit(writes)));
        } catch (StorageException refused) {
            switch (refused.kind()) {
                case CONFLICT, ALREADY_EXISTS, NOT_FOUND ->
                    now(server).ifPresent(after -> sightings.refused(before, after, writes, refused.kind()));
                case UNAVAILABLE -> sightings.unknown(writes);
                case EXPIRED, INTERNAL -> throw refused;
            }
        }
    }

    /** Mostly what should succeed by the server's memory, sometimes with a precondition that is surely old. */
    private Write randomWrite(StoreWorld.Server server, ObjectKey key) {
        byte[] json =
                "{\"metadata\":{},\"v\":\"%s-%d\"}".formatted(name, writes++).getBytes(UTF_8);
        Optional<Revision> current = server.cache().get(key).map(CachedObject::revision);
        if (current.isEmpty() || random.nextInt(10) == 0) {
            return new Write.Create(key, "uid-" + name + writes, json);
        }
        Revision expected = random.nextInt(8) == 0 ? new Revision(1) : current.get();
        return random.nextInt(3) == 0 ? new Write.Delete(key, expected, json) : new Write.Update(key, expected, json);
    }

    private void get(StoreWorld.Server server) {
        ObjectKey key = randomKey();
        long before = sightings.newest();
        Optional<Stored> found = Optional.empty();
        try {
            found = Optional.of(join(server.storage().get(key)));
        } catch (StorageException e) {
            if (e.kind() == StorageException.Kind.UNAVAILABLE) {
                return;
            }
        }
        Optional<Stored> seen = found;
        now(server).ifPresent(after -> sightings.read(before, after, key, seen));
    }

    private void list(StoreWorld.Server server) {
        long before = sightings.newest();
        try {
            join(server.cache().awaitLatest("", RESOURCE));
            sightings.listed(before, server.cache().list("", RESOURCE, ""));
        } catch (StorageException away) {
            // A server that is down lists nothing.
        }
    }

    /** A revision that was current after the call; empty when the server is down by now. */
    private static Optional<Long> now(StoreWorld.Server server) {
        try {
            return Optional.of(join(server.storage().currentRevision()).value());
        } catch (StorageException down) {
            return Optional.empty();
        }
    }

    private ObjectKey randomKey() {
        return new ObjectKey("", RESOURCE, any(NAMESPACES), "o" + random.nextInt(NAMES));
    }

    private <T> T any(List<T> choice) {
        return choice.get(random.nextInt(choice.size()));
    }

    /** Whatever else goes wrong with a server that is being taken down counts as its unavailability. */
    static <T> T join(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture()
                    .copy()
                    .orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof StorageException refused) {
                throw refused;
            }
            throw new StorageException(StorageException.Kind.UNAVAILABLE, String.valueOf(e.getCause()));
        }
    }
}
