package dev.keelson.linux.net;

import static dev.keelson.linux.net.NetlinkMessage.CREATE;
import static dev.keelson.linux.net.NetlinkMessage.REPLACE;

import java.util.ArrayList;
import java.util.List;

/** Changes to links, addresses, routes and neighbours that {@link Rtnetlink#apply} makes in one call, in this order. */
public final class LinkChanges {
    private static final int SETLINK = 19;
    private static final int NEWADDR = 20;
    private static final int NEWROUTE = 24;
    private static final int NEWNEIGH = 28;
    private static final int AF_UNSPEC = 0;
    private static final int AF_INET = 2;
    private static final int AF_BRIDGE = 7;
    private static final int IFF_UP = 1;

    private final List<NetlinkMessage> requests = new ArrayList<>();

    List<NetlinkMessage> requests() {
        return List.copyOf(requests);
    }

    private LinkChanges with(NetlinkMessage request) {
        requests.add(request);
        return this;
    }

    public LinkChanges setUp(Link link) {
        NetlinkMessage request = new NetlinkMessage("switch on " + link.name(), SETLINK, 0);
        return with(LinkMessages.interfaceHeader(request, AF_UNSPEC, link.index(), IFF_UP, IFF_UP));
    }

    public LinkChanges setMaster(Link link, Link bridge) {
        String operation = "make " + link.name() + " a port of " + bridge.name();
        NetlinkMessage request = new NetlinkMessage(operation, SETLINK, 0);
        return with(LinkMessages.interfaceHeader(request, AF_UNSPEC, link.index(), 0, 0)
                .attributeU32(LinkMessages.MASTER, bridge.index()));
    }

    /**
     * Sets how a bridge treats a port.
     *
     * @param learning whether source addresses of frames teach the bridge where a station is
     * @param hairpin whether a frame may leave by the port that it came in by
     * @param flooding whether frames leave there that are for everybody, for a group or for nobody that the bridge knows
     */
    public LinkChanges configurePort(Link port, boolean learning, boolean hairpin, boolean flooding) {
        NetlinkMessage request = new NetlinkMessage("configure bridge port " + port.name(), SETLINK, 0);
        return with(LinkMessages.interfaceHeader(request, AF_BRIDGE, port.index(), 0, 0)
                .nest(LinkMessages.PROTINFO, info -> info.attributeU8(LinkMessages.PORT_LEARNING, learning ? 1 : 0)
                        .attributeU8(LinkMessages.PORT_HAIRPIN, hairpin ? 1 : 0)
                        .attributeU8(LinkMessages.PORT_UNICAST_FLOOD, flooding ? 1 : 0)
                        .attributeU8(LinkMessages.PORT_MULTICAST_FLOOD, flooding ? 1 : 0)
                        .attributeU8(LinkMessages.PORT_BROADCAST_FLOOD, flooding ? 1 : 0)));
    }

    /** Gives the link an address; one that it has already is left alone. */
    public LinkChanges addAddress(Link link, Ipv4 address, int prefix) {
        String operation = "add address " + address + "/" + prefix + " to " + link.name();
        return with(RouteMessages.address(
                new NetlinkMessage(operation, NEWADDR, CREATE | REPLACE), link.index(), address, prefix));
    }

    public LinkChanges addRoute(Route route) {
        return with(RouteMessages.route(new NetlinkMessage("add route " + route, NEWROUTE, CREATE | REPLACE), route));
    }

    /** Says for good which station has the address, so that nobody ever has to ask by ARP. */
    public LinkChanges addNeighbour(Link link, Ipv4 address, MacAddress mac) {
        String operation = "add neighbour " + address + " (" + mac + ") on " + link.name();
        return with(RouteMessages.neighbour(
                        new NetlinkMessage(operation, NEWNEIGH, CREATE | REPLACE), AF_INET, link.index(), true)
                .attribute(RouteMessages.NEIGHBOUR_DESTINATION, address.bytes())
                .attribute(RouteMessages.NEIGHBOUR_MAC, mac.bytes()));
    }

    /** Pins a station to a bridge port: frames for it leave there, whatever source addresses other ports send. */
    public LinkChanges pinStation(Link port, MacAddress mac) {
        String operation = "pin " + mac + " to bridge port " + port.name();
        return with(RouteMessages.neighbour(
                        new NetlinkMessage(operation, NEWNEIGH, CREATE | REPLACE), AF_BRIDGE, port.index(), false)
                .attribute(RouteMessages.NEIGHBOUR_MAC, mac.bytes()));
    }
}
