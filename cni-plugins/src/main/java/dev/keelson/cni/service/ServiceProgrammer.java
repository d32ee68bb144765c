package dev.keelson.cni.service;

import dev.keelson.cni.service.ServiceRules.UdpDestination;
import dev.keelson.linux.net.Conntrack;
import dev.keelson.linux.net.Flow;
import dev.keelson.linux.net.Flow.SocketEnd;
import dev.keelson.linux.net.Ipv4;
import dev.keelson.linux.net.NetworkNamespace;
import dev.keelson.linux.net.PacketsUnderWay;
import dev.keelson.linux.net.Sysctl;
import dev.keelson.linux.net.nft.Change;
import dev.keelson.linux.net.nft.Nftables;
import dev.keelson.linux.net.nft.Protocol;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Carries out service plans on the kernel of this node. */
final class ServiceProgrammer implements AutoCloseable {
    private static final String ESTABLISHED = "netfilter/nf_conntrack_tcp_timeout_established";
    private static final String UNACKNOWLEDGED = "netfilter/nf_conntrack_tcp_timeout_unacknowledged";

    private final Nftables nftables;
    private final Conntrack conntrack;
    private final Sysctl sysctl;
    private Map<UdpDestination, Set<SocketEnd>> udp = Map.of();

    ServiceProgrammer(NetworkNamespace host) {
        this.nftables = Nftables.open(host);
        this.conntrack = Conntrack.open(host);
        this.sysctl = new Sysctl(host);
    }

    /** Brings the node to the plan in one transaction. Answers how many changes that took. */
    int apply(ServiceRules rules) {
        List<Change> changes = nftables.apply(rules.ruleset());
        if (!rules.udp().equals(udp)) {
            forgetStale(rules.udp());
            udp = rules.udp();
        }
        return changes.size();
    }

    /** Twice, since packets that met the rules of before may make new ones meanwhile; few clients should have to wait. */
    private void forgetStale(Map<UdpDestination, Set<SocketEnd>> udp) {
        StaleFlows.among(conntrack.flowsOf(Protocol.UDP.number()), udp).forEach(conntrack::delete);
        PacketsUnderWay.await();
        StaleFlows.among(conntrack.flowsOf(Protocol.UDP.number()), udp).forEach(conntrack::delete);
    }

    List<Flow> flowsAnsweredBy(Ipv4 address) {
        return conntrack.flowsAnsweredBy(address);
    }

    /** How connections age on this node. */
    FlowActivity activity() {
        return new FlowActivity(seconds(ESTABLISHED), seconds(UNACKNOWLEDGED));
    }

    private Duration seconds(String setting) {
        return Duration.ofSeconds(Long.parseLong(sysctl.read(setting)));
    }

    void remove(String table) {
        nftables.deleteTable(table);
    }

    @Override
    public void close() {
        nftables.close();
        conntrack.close();
    }
}
