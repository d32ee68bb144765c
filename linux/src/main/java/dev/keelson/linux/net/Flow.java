package dev.keelson.linux.net;

import java.time.Duration;

/**
 * A connection that the host tracks.
 *
 * @param protocol IP protocol number
 * @param source who opened it
 * @param destination where it was opened to
 * @param answeredBy where answers come from: differs from {@code destination} when the connection was redirected
 * @param tcpState the kernel's number of the TCP state (nf_conntrack_tcp.h), 0 for other protocols
 * @param remaining how long the entry stays when no further packet comes
 */
public record Flow(
        int protocol, SocketEnd source, SocketEnd destination, SocketEnd answeredBy, int tcpState, Duration remaining) {
    private static final int SYN_SENT = 1;
    private static final int ESTABLISHED = 3;
    private static final int CLOSE_WAIT = 5;

    /** An address with a port. */
    public record SocketEnd(Ipv4 address, int port) {
        @Override
        public String toString() {
            return address + ":" + port;
        }
    }

    public boolean isRedirected() {
        return !destination.equals(answeredBy);
    }

    /** Whether the TCP connection may still carry data. */
    public boolean isOpenTcp() {
        return tcpState >= SYN_SENT && tcpState <= CLOSE_WAIT;
    }

    public boolean isEstablishedTcp() {
        return tcpState == ESTABLISHED;
    }
}
