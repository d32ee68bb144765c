package dev.keelson.linux.net;

import java.util.Optional;

/**
 * A unicast route of the main table.
 *
 * @param gateway next hop; reached through the device without asking the routing table (onlink)
 * @param linkIndex device that packets leave by
 * @param source address that the host uses for its own packets on this route
 */
public record Route(Cidr destination, Optional<Ipv4> gateway, int linkIndex, Optional<Ipv4> source) {

    public static Route direct(Cidr destination, int linkIndex) {
        return new Route(destination, Optional.empty(), linkIndex, Optional.empty());
    }

    public static Route via(Cidr destination, Ipv4 gateway, int linkIndex) {
        return new Route(destination, Optional.of(gateway), linkIndex, Optional.empty());
    }

    public Route withSource(Ipv4 address) {
        return new Route(destination, gateway, linkIndex, Optional.of(address));
    }
}
