package dev.keelson.linux.net;

/**
 * A network device as the kernel shows it.
 *
 * @param kind {@code bridge}, {@code veth}, ...; empty for a physical device
 * @param master index of the bridge it is a port of, 0 for none
 * @param up whether it was switched on (IFF_UP)
 * @param portForwarding whether, as a bridge port, it passes frames already
 */
public record Link(
        int index, String name, String kind, MacAddress mac, int mtu, int master, boolean up, boolean portForwarding) {}
