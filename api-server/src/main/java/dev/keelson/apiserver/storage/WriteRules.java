package dev.keelson.apiserver.storage;

import dev.keelson.apiserver.storage.StorageException.Kind;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What every store demands of a commit before it looks at what is stored, and how it words a refusal. */
public final class WriteRules {
    private WriteRules() {}

    /**
     * The sequence that all writes belong to.
     *
     * @throws StorageException {@code INTERNAL} for a commit that no store can do: a caller's mistake
     */
    public static Sequence sequenceOf(List<Write> writes) {
        if (writes.isEmpty()) {
            throw new StorageException(Kind.INTERNAL, "a commit needs at least one write");
        }
        Sequence sequence = Sequence.of(writes.getFirst().key());
        Set<ObjectKey> keys = new HashSet<>();
        for (Write write : writes) {
            if (Sequence.of(write.key()) != sequence) {
                throw new StorageException(Kind.INTERNAL, "a commit cannot mix leases with other objects");
            }
            if (!keys.add(write.key())) {
                throw new StorageException(Kind.INTERNAL, "a commit writes %s twice".formatted(shown(write.key())));
            }
            if (ResourceVersion.insertionPoint(json(write)) < 0) {
                throw new StorageException(
                        Kind.INTERNAL, "%s is not a JSON object with metadata".formatted(shown(write.key())));
            }
        }
        return sequence;
    }

    public static StorageException refusal(Kind kind, ObjectKey key) {
        String reason =
                switch (kind) {
                    case NOT_FOUND -> "does not exist";
                    case ALREADY_EXISTS -> "already exists";
                    case CONFLICT -> "was changed since it was read";
                    case EXPIRED -> "is older than the history that is kept";
                    case UNAVAILABLE -> "cannot be reached now";
                    case INTERNAL -> "could not be stored";
                };
        return new StorageException(kind, shown(key) + " " + reason);
    }

    /** The refusal of a question about a time that retention has removed. */
    public static StorageException forgotten(Revision floor) {
        return new StorageException(Kind.EXPIRED, "history is kept after revision %s only".formatted(floor));
    }

    public static byte[] json(Write write) {
        return switch (write) {
            case Write.Create create -> create.json();
            case Write.Update update -> update.json();
            case Write.Delete delete -> delete.json();
        };
    }

    private static String shown(ObjectKey key) {
        String resource = key.group().isEmpty() ? key.resource() : key.resource() + "." + key.group();
        String name = key.namespace().isEmpty() ? key.name() : key.namespace() + "/" + key.name();
        return resource + " \"" + name + "\"";
    }
}
