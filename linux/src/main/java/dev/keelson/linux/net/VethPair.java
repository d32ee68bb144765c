package dev.keelson.linux.net;

import java.util.Optional;

/**
 * A pair of connected devices to create: one end here, the peer in another namespace at once.
 *
 * @param name of the end in the socket's namespace, at most 15 bytes
 * @param peerName of the end inside {@code peerNamespace}
 * @param mtu bytes, for both ends
 * @param bridge what the end here is a port of
 */
public record VethPair(
        String name,
        String peerName,
        MacAddress peerMac,
        int mtu,
        NetworkNamespace peerNamespace,
        Optional<Link> bridge) {

    /** With an end here that is nobody's port. */
    public VethPair(String name, String peerName, MacAddress peerMac, int mtu, NetworkNamespace peerNamespace) {
        this(name, peerName, peerMac, mtu, peerNamespace, Optional.empty());
    }
}
