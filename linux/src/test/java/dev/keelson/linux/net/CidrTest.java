package dev.keelson.linux.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.128/25, 192.0.2.255, true",
        "0.0.0.0/0, 255.255.255.255, true",
        "192.0.2.1/32, 192.0.2.1, true",
        "192.0.2.1/32, 192.0.2.2, false"
    })
    void contains(String range, String address, boolean expected) {
        assertThat(Cidr.parse(range).contains(Ipv4.parse(address))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.1.0.0/16, true",
        "10.1.0.0/16, 10.0.0.0/8, true",
        "10.1.0.0/16, 10.2.0.0/16, false",
        "0.0.0.0/0, 10.2.0.0/16, true"
    })
    void overlaps(String one, String other, boolean expected) {
        assertThat(Cidr.parse(one).overlaps(Cidr.parse(other))).isEqualTo(expected);
    }

    @Test
    void bitsBehindThePrefixAreCleared() {
        assertThat(Cidr.parse("10.1.2.3/16")).hasToString("10.1.0.0/16");
        assertThat(Cidr.parse("10.1.2.3/16").maskAddress()).hasToString("255.255.0.0");
        assertThat(Cidr.parse("10.1.2.3/16").size()).isEqualTo(65_536);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10.0.0.0", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0/8", "10.0.0.256/8", "::/0", "a/8"})
    void refusesWhatIsNoRange(String text) {
        assertThatThrownBy(() -> Cidr.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void addressesAreOrderedAsUnsignedNumbers() {
        assertThat(Ipv4.parse("200.0.0.1")).isGreaterThan(Ipv4.parse("10.0.0.1"));
    }

    @Test
    void hardwareAddressesAreDerivedFromAddresses() {
        assertThat(MacAddress.derivedFrom(Ipv4.parse("10.244.1.200"))).hasToString("0a:58:0a:f4:01:c8");
        assertThat(MacAddress.of(new MacAddress(0x0a580af401c8L).bytes()))
                .isEqualTo(MacAddress.derivedFrom(Ipv4.parse("10.244.1.200")));
    }
}
