package dev.keelson.linux.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class Ipv4Test {

    @Test
    void numbersThatBeginWithZerosAreDecimal() {
        assertThat(Ipv4.parse("010.096.0000.0255")).isEqualTo(Ipv4.parse("10.96.0.255"));
        assertThat(Cidr.parse("010.1.2.3/8")).isEqualTo(Cidr.parse("10.0.0.0/8"));
        assertThat(Ipv4.isIpv4("10.0.0.0256")).isFalse();
        assertThat(Ipv4.isIpv4("10.0.0.1000")).isFalse();
    }
}
