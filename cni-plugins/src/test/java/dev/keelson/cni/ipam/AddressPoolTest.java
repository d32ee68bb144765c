package dev.keelson.cni.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.linux.net.Cidr;
import dev.keelson.linux.net.Ipv4;
import java.util.HashSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AddressPoolTest {
    private static final Cidr RANGE = Cidr.parse("10.0.0.0/29");
    private static final Ipv4 NOTHING_YET = new Ipv4(0);

    @Test
    void startsBehindTheGateway() {
        assertThat(AddressPool.next(RANGE, Set.of(), NOTHING_YET)).contains(Ipv4.parse("10.0.0.2"));
    }

    @Test
    void goesOnBehindTheLastThoughItIsFree() {
        assertThat(AddressPool.next(RANGE, Set.of(), Ipv4.parse("10.0.0.3"))).contains(Ipv4.parse("10.0.0.4"));
    }

    @Test
    void startsOverBeforeTheBroadcastAddress() {
        assertThat(AddressPool.next(RANGE, Set.of(), Ipv4.parse("10.0.0.6"))).contains(Ipv4.parse("10.0.0.2"));
    }

    @Test
    void aFullRangeHasNone() {
        Set<Ipv4> taken = new HashSet<>();
        for (int i = 2; i <= 6; i++) {
            taken.add(RANGE.base().plus(i));
        }

        assertThat(AddressPool.next(RANGE, taken, Ipv4.parse("10.0.0.4"))).isEmpty();
    }

    @Property
    void neverGivesATakenOrReservedAddressAndFindsTheLastFreeOne(
            @ForAll @IntRange(min = 20, max = 29) int prefix, @ForAll long seed) {
        Random random = new Random(seed);
        Cidr range = new Cidr(Ipv4.parse("10.0.0.0"), prefix);
        int usable = (int) range.size() - 3;
        Ipv4 onlyFree = range.base().plus(2 + random.nextInt(usable));
        Set<Ipv4> taken = new HashSet<>();
        for (int i = 0; i < usable; i++) {
            taken.add(range.base().plus(2 + i));
        }
        taken.remove(onlyFree);

        assertThat(AddressPool.next(range, taken, range.base().plus(random.nextInt((int) range.size()))))
                .isEqualTo(Optional.of(onlyFree));
    }
}
