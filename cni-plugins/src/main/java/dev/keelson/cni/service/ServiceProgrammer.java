package dev.keelson.cni.service;

import dev.keelson.linux.net.Conntrack;
import dev.keelson.linux.net.Flow;
import dev.keelson.linux.net.NetworkNamespace;
import dev.keelson.linux.net.Sysctl;
import dev.keelson.linux.net.nft.Change;
import dev.keelson.linux.net.nft.Nftables;
import java.time.Duration;
import java.util.List;

/** Carries out service plans on the kernel of this node. */
final class ServiceProgrammer implements AutoCloseable {
    private static final String ESTABLISHED = "netfilter/nf_conntrack_tcp_timeout_established";
    private static final String UNACKNOWLEDGED = "netfilter/nf_conntrack_tcp_timeout_unacknowledged";

    private final Nftables nftables;
    private final Conntrack conntrack;
    private final Sysctl sysctl;

    ServiceProgrammer(NetworkNamespace host) {
        this.nftables = Nftables.open(host);
        this.conntrack = Conntrack.open(host);
        this.sysctl = new Sysctl(host);
    }

    /** Brings the node to the plan in one transaction. Answers how many changes that took. */
    int apply(ServiceRules rules) {
        List<Change> changes = nftables.apply(rules.ruleset());
        if (!changes.isEmpty() && !rules.udp().isEmpty()) {
            StaleFlows.among(conntrack.flows(), rules.udp()).forEach(conntrack::delete);
        }
        return changes.size();
    }

    List<Flow> flows() {
        return conntrack.flows();
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
