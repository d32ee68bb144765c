package dev.keelson.linux.net;

import static dev.keelson.linux.net.NetlinkMessage.CREATE;
import static dev.keelson.linux.net.NetlinkMessage.DUMP;
import static dev.keelson.linux.net.NetlinkMessage.EXCLUSIVE;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Links, addresses, routes and neighbours of one network namespace (rtnetlink(7)). Every failure is a
 * {@link NetlinkException} that names the operation and its object.
 */
public final class Rtnetlink implements AutoCloseable {
    private static final int NEWLINK = 16;
    private static final int DELLINK = 17;
    private static final int GETLINK = 18;
    private static final int SETLINK = 19;
    private static final int GETADDR = 22;
    private static final int DELROUTE = 25;
    private static final int GETROUTE = 26;
    private static final int DELNEIGH = 29;

    private static final int AF_UNSPEC = 0;
    private static final int AF_INET = 2;
    private static final Set<Integer> ABSENT = Set.of(Errno.ENOENT, Errno.ESRCH, Errno.ENODEV);

    private final NetlinkSocket socket;

    private Rtnetlink(NetlinkSocket socket) {
        this.socket = socket;
    }

    public static Rtnetlink open(NetworkNamespace namespace) {
        return new Rtnetlink(NetlinkSocket.open(namespace, NetlinkSocket.ROUTE));
    }

    /**
     * Makes the changes in their order, which takes the kernel one call. The first that fails is thrown; those after it have
     * been tried all the same.
     */
    public void apply(LinkChanges changes) {
        socket.executeAll(changes.requests());
    }

    public Optional<Link> link(String name) {
        NetlinkMessage request = linkMessage("read link " + name, GETLINK, 0, 0).attribute(LinkMessages.IFNAME, name);
        try {
            return socket.execute(request).stream().map(LinkMessages::read).findFirst();
        } catch (NetlinkException failure) {
            return absent(failure);
        }
    }

    public Optional<Link> link(int index) {
        try {
            return socket.execute(linkMessage("read link " + index, GETLINK, 0, index)).stream()
                    .map(LinkMessages::read)
                    .findFirst();
        } catch (NetlinkException failure) {
            return absent(failure);
        }
    }

    /** The link; fails with ENODEV when there is none. */
    public Link requireLink(String name) {
        return link(name).orElseThrow(() -> new NetlinkException("read link " + name, Errno.ENODEV, ""));
    }

    public List<Link> links() {
        return socket.dump(linkMessage("list links", GETLINK, DUMP, 0)).stream()
                .map(LinkMessages::read)
                .toList();
    }

    public void createBridge(String name, MacAddress mac, int mtu) {
        socket.execute(linkMessage("create bridge " + name, NEWLINK, CREATE | EXCLUSIVE, 0)
                .attribute(LinkMessages.IFNAME, name)
                .attribute(LinkMessages.ADDRESS, mac.bytes())
                .attributeU32(LinkMessages.MTU, mtu)
                .nest(LinkMessages.LINKINFO, info -> info.attribute(LinkMessages.INFO_KIND, "bridge")));
    }

    /** Creates both ends switched off: switching one on while its peer does not exist yet fails with ENOTCONN. */
    public void createVeth(VethPair pair) {
        String operation =
                "create veth " + pair.name() + " with peer " + pair.peerName() + " in " + pair.peerNamespace();
        Consumer<NetlinkMessage> peer = message -> LinkMessages.interfaceHeader(message, AF_UNSPEC, 0, 0, 0)
                .attribute(LinkMessages.IFNAME, pair.peerName())
                .attribute(LinkMessages.ADDRESS, pair.peerMac().bytes())
                .attributeU32(LinkMessages.MTU, pair.mtu())
                .attributeU32(LinkMessages.NET_NS_FD, pair.peerNamespace().fd());
        NetlinkMessage request = linkMessage(operation, NEWLINK, CREATE | EXCLUSIVE, 0)
                .attribute(LinkMessages.IFNAME, pair.name())
                .attributeU32(LinkMessages.MTU, pair.mtu());
        pair.bridge().ifPresent(bridge -> request.attributeU32(LinkMessages.MASTER, bridge.index()));
        socket.execute(request.nest(LinkMessages.LINKINFO, info -> info.attribute(LinkMessages.INFO_KIND, "veth")
                .nest(LinkMessages.INFO_DATA, data -> data.nest(LinkMessages.VETH_PEER, peer))));
    }

    public void setUp(Link link) {
        apply(new LinkChanges().setUp(link));
    }

    public void rename(Link link, String name) {
        socket.execute(linkMessage("rename %s to %s".formatted(link.name(), name), SETLINK, 0, link.index())
                .attribute(LinkMessages.IFNAME, name));
    }

    public void move(Link link, NetworkNamespace target) {
        socket.execute(linkMessage("move %s to %s".formatted(link.name(), target), SETLINK, 0, link.index())
                .attributeU32(LinkMessages.NET_NS_FD, target.fd()));
    }

    /** Deletes the link if it is there. With a veth goes its peer. Takes 15 to 30 ms. */
    public void deleteLink(String name) {
        tolerate(linkMessage("delete link " + name, DELLINK, 0, 0).attribute(LinkMessages.IFNAME, name), ABSENT);
    }

    public List<LinkAddress> addresses() {
        NetlinkMessage request = new NetlinkMessage("list addresses", GETADDR, DUMP)
                .u8(AF_INET)
                .u8(0)
                .u8(0)
                .u8(0)
                .u32(0);
        return socket.dump(request).stream().map(RouteMessages::readAddress).toList();
    }

    /** Gives the link an address; one that it has already is left alone. */
    public void addAddress(Link link, Ipv4 address, int prefix) {
        apply(new LinkChanges().addAddress(link, address, prefix));
    }

    /** Routes of the main table. */
    public List<Route> routes() {
        NetlinkMessage request = RouteMessages.header(
                new NetlinkMessage("list routes", GETROUTE, DUMP),
                new Route(Cidr.EVERYTHING, Optional.empty(), 0, Optional.empty()));
        return socket.dump(request).stream()
                .map(NetlinkSocket.Answer::body)
                .filter(RouteMessages::isUnicastOfMainTable)
                .map(RouteMessages::readRoute)
                .toList();
    }

    public void addRoute(Route route) {
        apply(new LinkChanges().addRoute(route));
    }

    public void deleteRoute(Route route) {
        tolerate(RouteMessages.route(new NetlinkMessage("delete route " + route, DELROUTE, 0), route), ABSENT);
    }

    public void deleteNeighbour(Link link, Ipv4 address) {
        String operation = "delete neighbour %s on %s".formatted(address, link.name());
        tolerate(
                RouteMessages.neighbour(new NetlinkMessage(operation, DELNEIGH, 0), AF_INET, link.index(), true)
                        .attribute(RouteMessages.NEIGHBOUR_DESTINATION, address.bytes()),
                ABSENT);
    }

    private void tolerate(NetlinkMessage request, Set<Integer> errnos) {
        try {
            socket.execute(request);
        } catch (NetlinkException failure) {
            if (!errnos.contains(failure.errno())) {
                throw failure;
            }
        }
    }

    private static <T> Optional<T> absent(NetlinkException failure) {
        if (ABSENT.contains(failure.errno())) {
            return Optional.empty();
        }
        throw failure;
    }

    private static NetlinkMessage linkMessage(String operation, int type, int flags, int index) {
        return LinkMessages.interfaceHeader(new NetlinkMessage(operation, type, flags), AF_UNSPEC, index, 0, 0);
    }

    static ByteBuffer nativeOrder(byte[] body) {
        return ByteBuffer.wrap(body).order(ByteOrder.nativeOrder());
    }

    @Override
    public void close() {
        socket.close();
    }
}
