package dev.keelson.linux.net;

/**
 * A pair of connected devices to create: one end here, the peer in another namespace at once.
 *
 * @param name of the end in the socket's namespace, at most 15 bytes
 * @param peerName of the end inside {@code peerNamespace}
 * @param mtu bytes, for both ends
 */
public record VethPair(String name, String peerName, MacAddress peerMac, int mtu, NetworkNamespace peerNamespace) {}
