package dev.keelson.cni.ipam;

import dev.keelson.linux.net.Cidr;
import dev.keelson.linux.net.Ipv4;
import java.util.Optional;
import java.util.Set;

/** Chooses addresses from a range. */
final class AddressPool {
    /** The range's own address, the gateway's, and the broadcast address at the end are never given. */
    private static final int FIRST_OFFSET = 2;

    private AddressPool() {}

    /**
     * The next free address after {@code last}, going round: an address rests as long as possible before it serves
     * another pod, so that whoever remembers it meets nobody rather than a stranger.
     *
     * @return empty when all are taken
     */
    static Optional<Ipv4> next(Cidr range, Set<Ipv4> taken, Ipv4 last) {
        long usable = range.size() - FIRST_OFFSET - 1;
        long start = range.contains(last)
                ? Integer.toUnsignedLong(last.bits() - range.base().bits()) - FIRST_OFFSET + 1
                : 0;
        for (long step = 0; step < usable; step++) {
            Ipv4 candidate = range.base().plus((int) (FIRST_OFFSET + Math.floorMod(start + step, usable)));
            if (!taken.contains(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }
}
