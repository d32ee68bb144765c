package dev.keelson.apiserver.custom.cel;

import dev.keelson.apiserver.registry.rules.Addresses;
import dev.keelson.apiserver.registry.rules.Netip;
import java.util.Optional;

/** A range of addresses as a value of expressions. */
record CelCidr(CelIp ip, int length) {

    static Optional<CelCidr> parse(String text) {
        if (!Addresses.isCidr(text) || Netip.prefixProblem(text).isPresent()) {
            return Optional.empty();
        }
        int slash = text.indexOf('/');
        return CelIp.parse(text.substring(0, slash))
                .map(ip -> new CelCidr(ip, Integer.parseInt(text.substring(slash + 1))));
    }

    static CelCidr require(String text) {
        return parse(text)
                .orElseThrow(() -> new IllegalArgumentException(
                        "CIDR \"" + text + "\" parse error during conversion from string"));
    }

    boolean contains(CelIp other) {
        return other.family() == ip.family() && masked(other).equals(masked(ip));
    }

    boolean contains(CelCidr other) {
        return other.length >= length && contains(other.ip);
    }

    CelCidr masked() {
        return new CelCidr(masked(ip), length);
    }

    private CelIp masked(CelIp address) {
        byte[] bytes = address.address().getAddress();
        for (int bit = length; bit < bytes.length * 8; bit++) {
            bytes[bit / 8] &= (byte) ~(0x80 >> bit % 8);
        }
        return CelIp.of(bytes);
    }

    @Override
    public String toString() {
        return ip + "/" + length;
    }
}
