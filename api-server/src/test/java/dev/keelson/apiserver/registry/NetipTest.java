package dev.keelson.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.apiserver.registry.rules.Netip;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The words of Go's {@code net/netip}, as its own tests have them. */
class NetipTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            `` | ParseAddr(""): unable to parse IP
            bad | ParseAddr("bad"): unable to parse IP
            192.168.0 | ParseAddr("192.168.0"): IPv4 address too short
            192.168.0.1.5 | ParseAddr("192.168.0.1.5"): IPv4 address too long
            192.168.0.256 | ParseAddr("192.168.0.256"): IPv4 field has value >255
            192.168.0.01 | ParseAddr("192.168.0.01"): IPv4 field has octet with leading zero
            192.168.1.x | ParseAddr("192.168.1.x"): unexpected character (at "x")
            .168.1.1 | ParseAddr(".168.1.1"): IPv4 field must have at least one digit (at ".168.1.1")
            1.2.3. | ParseAddr("1.2.3."): IPv4 field must have at least one digit (at ".")
            %eth0 | ParseAddr("%eth0"): missing IPv6 address
            """)
    void whatIsWrongWithAnAddress(String address, String words) {
        assertThat(Netip.addressProblem(address)).contains(words);
    }

    @Test
    void addressesThatAreRight() {
        for (String address : new String[] {"0.0.0.0", "10.0.100.255", "::", "fd00::1", "::ffff:192.0.2.1"}) {
            assertThat(Netip.addressProblem(address)).isEmpty();
            assertThat(Netip.prefixProblem(address + "/8")).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            10.0.0.0 | netip.ParsePrefix("10.0.0.0"): no '/'
            10.0.0.0/08 | netip.ParsePrefix("10.0.0.0/08"): bad bits after slash: "08"
            10.0.0.00/8 | netip.ParsePrefix("10.0.0.00/8"): ParseAddr("10.0.0.00"): IPv4 field has octet with leading zero
            """)
    void whatIsWrongWithARange(String range, String words) {
        assertThat(Netip.prefixProblem(range)).contains(words);
    }
}
