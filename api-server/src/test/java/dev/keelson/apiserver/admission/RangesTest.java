package dev.keelson.apiserver.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RangesTest {

    @Test
    void everyAddressIsHandedOutOnceAndThenNone() {
        ServiceRange range = ServiceRange.parse("10.0.0.0/28");
        Set<String> taken = new HashSet<>();
        for (int i = 0; i < 13; i++) {
            taken.add(range.free(7, taken::contains).orElseThrow());
        }
        assertThat(taken)
                .hasSize(13)
                .contains("10.0.0.2", "10.0.0.14")
                .doesNotContain("10.0.0.0", "10.0.0.1", "10.0.0.15");
        assertThat(range.free(7, taken::contains)).isEmpty();
    }

    @Test
    void knowsItsOwnAddresses() {
        ServiceRange range = ServiceRange.parse("10.96.0.17/16");
        assertThat(range.first()).isEqualTo("10.96.0.1");
        assertThat(range.contains("10.96.255.254")).isTrue();
        assertThat(range.contains("10.96.255.255")).isFalse();
        assertThat(range.contains("10.97.0.1")).isFalse();
        assertThat(range.contains("010.96.0.01")).isTrue();
        assertThat(range.contains("nonsense")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "10.0.0.0", "10.0.0.0/8", "10.0.0.0/31", "10.0.0/16", "300.0.0.0/16", "fd00::/112", "a/b"})
    void refusesRangesWithARemedy(String cidr) {
        assertThatThrownBy(() -> ServiceRange.parse(cidr))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("range of service addresses");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30000", "0-10", "20-10", "30000-70000", "a-b"})
    void refusesPortRangesWithARemedy(String range) {
        assertThatThrownBy(() -> PortRange.parse(range))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("30000-32767");
    }

    @Test
    void portsWrapAround() {
        PortRange range = PortRange.parse("30000-30002");
        assertThat(range.free(2, port -> port == 30002)).hasValue(30000);
        assertThat(range.free(0, port -> true)).isEmpty();
    }
}
