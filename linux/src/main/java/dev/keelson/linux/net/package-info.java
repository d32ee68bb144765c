/**
 * The kernel's networking, spoken to in-process over netlink.
 *
 * <p>{@link dev.keelson.linux.net.Rtnetlink} has links, addresses, routes and neighbours;
 * {@link dev.keelson.linux.net.nft.Nftables} packet rules; {@link dev.keelson.linux.net.Conntrack} the connections that
 * the host tracks. A socket belongs to the {@link dev.keelson.linux.net.NetworkNamespace} that it was opened in and may
 * then be used from any thread, virtual ones too.
 */
package dev.keelson.linux.net;
