package dev.keelson.linux.net;

import java.nio.ByteBuffer;

/** The layout of address, route and neighbour messages (linux/if_addr.h, rtnetlink.h, neighbour.h). */
final class RouteMessages {
    static final int NEIGHBOUR_DESTINATION = 1;
    static final int NEIGHBOUR_MAC = 2;

    private static final int AF_INET = 2;
    private static final int ADDRESS_ADDRESS = 1;
    private static final int ADDRESS_LOCAL = 2;
    private static final int ROUTE_DESTINATION = 1;
    private static final int ROUTE_OUT_INTERFACE = 4;
    private static final int ROUTE_GATEWAY = 5;
    private static final int ROUTE_PREFERRED_SOURCE = 7;
    private static final int MAIN_TABLE = 254;
    private static final int PROTOCOL_STATIC = 4;
    private static final int SCOPE_UNIVERSE = 0;
    private static final int SCOPE_LINK = 253;
    private static final int TYPE_UNICAST = 1;
    private static final int ONLINK = 4;
    private static final int STATE_NO_ARP = 0x40;
    private static final int STATE_PERMANENT = 0x80;
    private static final int OF_THE_BRIDGE = 0x04;

    private RouteMessages() {}

    static NetlinkMessage address(NetlinkMessage message, int linkIndex, Ipv4 address, int prefix) {
        return message.u8(AF_INET)
                .u8(prefix)
                .u8(0)
                .u8(SCOPE_UNIVERSE)
                .u32(linkIndex)
                .attribute(ADDRESS_LOCAL, address.bytes())
                .attribute(ADDRESS_ADDRESS, address.bytes());
    }

    static LinkAddress readAddress(NetlinkSocket.Answer answer) {
        ByteBuffer body = Rtnetlink.nativeOrder(answer.body());
        Attributes attributes = Attributes.parse(body.slice(8, body.limit() - 8));
        byte[] local = attributes
                .bytes(ADDRESS_LOCAL)
                .or(() -> attributes.bytes(ADDRESS_ADDRESS))
                .orElseGet(() -> new byte[4]);
        return new LinkAddress(body.getInt(4), Ipv4.of(local), body.get(1) & 0xff);
    }

    static NetlinkMessage header(NetlinkMessage message, Route route) {
        int scope = route.gateway().isPresent() ? SCOPE_UNIVERSE : SCOPE_LINK;
        return message.u8(AF_INET)
                .u8(route.destination().prefix())
                .u8(0)
                .u8(0)
                .u8(MAIN_TABLE)
                .u8(PROTOCOL_STATIC)
                .u8(scope)
                .u8(TYPE_UNICAST)
                .u32(route.gateway().isPresent() ? ONLINK : 0);
    }

    static NetlinkMessage route(NetlinkMessage message, Route route) {
        header(message, route)
                .attribute(ROUTE_DESTINATION, route.destination().base().bytes())
                .attributeU32(ROUTE_OUT_INTERFACE, route.linkIndex());
        route.gateway().ifPresent(gateway -> message.attribute(ROUTE_GATEWAY, gateway.bytes()));
        route.source().ifPresent(source -> message.attribute(ROUTE_PREFERRED_SOURCE, source.bytes()));
        return message;
    }

    static boolean isUnicastOfMainTable(byte[] body) {
        return (body[4] & 0xff) == MAIN_TABLE && (body[7] & 0xff) == TYPE_UNICAST;
    }

    static Route readRoute(byte[] bytes) {
        ByteBuffer body = Rtnetlink.nativeOrder(bytes);
        Attributes attributes = Attributes.parse(body.slice(12, body.limit() - 12));
        Ipv4 base = attributes.bytes(ROUTE_DESTINATION).map(Ipv4::of).orElse(new Ipv4(0));
        return new Route(
                new Cidr(base, body.get(1) & 0xff),
                attributes.bytes(ROUTE_GATEWAY).map(Ipv4::of),
                attributes.u32(ROUTE_OUT_INTERFACE).orElse(0),
                attributes.bytes(ROUTE_PREFERRED_SOURCE).map(Ipv4::of));
    }

    /** @param ip whether the entry maps an address; otherwise it is a station of a bridge port */
    static NetlinkMessage neighbour(NetlinkMessage message, int family, int linkIndex, boolean ip) {
        return message.u8(family)
                .u8(0)
                .u16(0)
                .u32(linkIndex)
                .u16(ip ? STATE_PERMANENT : STATE_NO_ARP)
                .u8(ip ? 0 : OF_THE_BRIDGE)
                .u8(0);
    }
}
