package dev.keelson.cni.service;

import dev.keelson.linux.net.Flow;
import dev.keelson.linux.net.Ipv4;
import dev.keelson.linux.net.nft.Protocol;
import java.time.Duration;

/**
 * Tells connections in the middle of something from idle ones by how far their conntrack entries have aged. Pure.
 *
 * @param established how long the kernel remembers a connection after its last packet
 * @param unacknowledged the same while the last packet's data has not been acknowledged
 */
record FlowActivity(Duration established, Duration unacknowledged) {
    /** A connection without a packet for this long is idle. Conntrack counts whole seconds, so one would be too few. */
    private static final Duration IDLE = Duration.ofSeconds(2);

    /** Whether somebody may be waiting on this connection for an answer of the endpoint at {@code address}. */
    boolean isBusyThroughService(Flow flow, Ipv4 address) {
        return flow.protocol() == Protocol.TCP.number()
                && flow.isRedirected()
                && flow.answeredBy().address().equals(address)
                && flow.isOpenTcp()
                && !(flow.isEstablishedTcp() && isIdle(flow));
    }

    private boolean isIdle(Flow flow) {
        Duration start = flow.remaining().compareTo(unacknowledged) <= 0 ? unacknowledged : established;
        return start.minus(flow.remaining()).compareTo(IDLE) >= 0;
    }
}
