package dev.keelson.apiserver.custom.cel;

import dev.keelson.apiserver.registry.rules.Addresses;
import dev.keelson.apiserver.registry.rules.Netip;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** An IP address as a value of expressions. IPv4 in IPv6 is refused, as Kubernetes refuses it there. */
record CelIp(InetAddress address) {

    static Optional<CelIp> parse(String text) {
        if (!Addresses.isIp(text) || Netip.addressProblem(text).isPresent()) {
            return Optional.empty();
        }
        try {
            // A literal: nothing is looked up. A mapped address comes back as IPv4.
            InetAddress address = InetAddress.ofLiteral(text);
            boolean mapped = text.indexOf(':') >= 0 && !(address instanceof Inet6Address);
            return mapped ? Optional.empty() : Optional.of(new CelIp(address));
        } catch (IllegalArgumentException bad) {
            return Optional.empty();
        }
    }

    static CelIp require(String text) {
        return parse(text)
                .orElseThrow(() -> new IllegalArgumentException(
                        "IP Address \"" + text + "\" parse error during conversion from string"));
    }

    static CelIp of(byte[] bytes) {
        try {
            return new CelIp(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    long family() {
        return address instanceof Inet6Address ? 6 : 4;
    }

    boolean isLinkLocalMulticast() {
        byte[] bytes = address.getAddress();
        return bytes.length == 4 ? bytes[0] == (byte) 224 && bytes[1] == 0 && bytes[2] == 0 : address.isMCLinkLocal();
    }

    boolean isGlobalUnicast() {
        byte[] bytes = address.getAddress();
        boolean broadcast = bytes.length == 4 && address.getHostAddress().equals("255.255.255.255");
        return !broadcast
                && !address.isAnyLocalAddress()
                && !address.isLoopbackAddress()
                && !address.isMulticastAddress()
                && !address.isLinkLocalAddress();
    }

    /** The canonical text: IPv6 with its longest run of zero groups left out (RFC 5952). */
    @Override
    public String toString() {
        if (!(address instanceof Inet6Address)) {
            return address.getHostAddress();
        }
        String[] groups = address.getHostAddress().split("%", 2)[0].split(":");
        int start = -1;
        int longest = 1;
        for (int i = 0; i < groups.length; i++) {
            int end = i;
            while (end < groups.length && groups[end].equals("0")) {
                end++;
            }
            if (end - i > longest) {
                start = i;
                longest = end - i;
            }
        }
        if (start < 0) {
            return String.join(":", groups);
        }
        String before = String.join(":", java.util.Arrays.copyOfRange(groups, 0, start));
        String after = String.join(":", java.util.Arrays.copyOfRange(groups, start + longest, groups.length));
        return before + "::" + after;
    }
}
