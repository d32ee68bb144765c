package dev.keelson.node.image.content;

import dev.keelson.node.image.oci.Digest;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What running operations need and no image names yet. Garbage collection leaves it alone. Only in memory: after a
 * crash nothing runs, and what an operation left behind is garbage.
 */
public final class Leases {
    private final Map<Lease, Set<Digest>> held = new IdentityHashMap<>();

    /** Opens a lease; closing it gives up everything that it protects. */
    public synchronized Lease open() {
        Lease lease = new Lease();
        held.put(lease, new HashSet<>());
        return lease;
    }

    /**
     * Runs a decision about what is garbage, given what running operations hold. No operation can begin to need
     * something meanwhile, so the decision must be quick.
     */
    public synchronized <T> T decide(Function<Predicate<Digest>, T> decision) {
        return decision.apply(digest -> held.values().stream().anyMatch(keys -> keys.contains(digest)));
    }

    public final class Lease implements AutoCloseable {
        private Lease() {}

        /** To be called before looking whether the blob or layer is there: from then on it stays. */
        public void protect(Digest digest) {
            synchronized (Leases.this) {
                held.get(this).add(digest);
            }
        }

        @Override
        public void close() {
            synchronized (Leases.this) {
                held.remove(this);
            }
        }
    }
}
