package dev.keelson.linux.net;

import java.nio.ByteBuffer;

/** The layout of link messages (linux/if_link.h). */
final class LinkMessages {
    static final int ADDRESS = 1;
    static final int IFNAME = 3;
    static final int MTU = 4;
    static final int MASTER = 10;
    static final int PROTINFO = 12;
    static final int LINKINFO = 18;
    static final int NET_NS_FD = 28;
    static final int INFO_KIND = 1;
    static final int INFO_DATA = 2;
    static final int INFO_SLAVE_KIND = 4;
    static final int INFO_SLAVE_DATA = 5;
    static final int VETH_PEER = 1;
    static final int PORT_STATE = 1;
    static final int PORT_HAIRPIN = 4;
    static final int PORT_LEARNING = 8;
    static final int PORT_UNICAST_FLOOD = 9;
    static final int PORT_MULTICAST_FLOOD = 27;
    static final int PORT_BROADCAST_FLOOD = 30;
    private static final int PORT_FORWARDING = 3;
    private static final int HEADER = 16;

    private LinkMessages() {}

    static NetlinkMessage interfaceHeader(NetlinkMessage message, int family, int index, int flags, int change) {
        return message.u8(family).u8(0).u16(0).u32(index).u32(flags).u32(change);
    }

    static Link read(NetlinkSocket.Answer answer) {
        ByteBuffer body = Rtnetlink.nativeOrder(answer.body());
        Attributes attributes = Attributes.parse(body.slice(HEADER, body.limit() - HEADER));
        Attributes info = attributes.nested(LINKINFO);
        boolean forwarding = info.nested(INFO_SLAVE_DATA)
                .u8(PORT_STATE)
                .filter(state -> state == PORT_FORWARDING)
                .isPresent();
        return new Link(
                body.getInt(4),
                attributes.string(IFNAME).orElse(""),
                info.string(INFO_KIND).orElse(""),
                attributes
                        .bytes(ADDRESS)
                        .filter(mac -> mac.length == 6)
                        .map(MacAddress::of)
                        .orElse(new MacAddress(0)),
                attributes.u32(MTU).orElse(0),
                attributes.u32(MASTER).orElse(0),
                (body.getInt(8) & 1) != 0,
                forwarding && info.string(INFO_SLAVE_KIND).orElse("").equals("bridge"));
    }
}
