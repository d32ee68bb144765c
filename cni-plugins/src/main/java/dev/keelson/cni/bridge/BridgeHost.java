package dev.keelson.cni.bridge;

import dev.keelson.cni.driver.Network;
import dev.keelson.cni.driver.NetworkException;
import dev.keelson.linux.net.Cidr;
import dev.keelson.linux.net.Link;
import dev.keelson.linux.net.MacAddress;
import dev.keelson.linux.net.NetworkNamespace;
import dev.keelson.linux.net.Route;
import dev.keelson.linux.net.Rtnetlink;
import dev.keelson.linux.net.Sysctl;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** The host's side of a bridge network: the bridge with the gateway address, its routes and settings. */
final class BridgeHost {
    private static final Logger LOG = System.getLogger(BridgeHost.class.getName());
    private static final int USUAL_MTU = 1500;

    private final Rtnetlink links;
    private final Sysctl sysctl;

    BridgeHost(NetworkNamespace host, Rtnetlink links) {
        this.links = links;
        this.sysctl = new Sysctl(host);
    }

    /** Makes the bridge and everything around it that is not there yet. */
    Link ensure(Network network) {
        String name = BridgeRules.bridge(network);
        removeForgotten(network, name);
        Link bridge = links.link(name).orElseGet(() -> create(network, name));
        if (!bridge.kind().equals("bridge")) {
            throw new NetworkException(
                    NetworkException.Kind.CONFLICT,
                    "device %s exists but is no bridge; rename or delete it".formatted(name));
        }
        configure(name);
        links.addAddress(bridge, network.gateway(), network.addresses().prefix());
        links.setUp(bridge);
        ensureServiceRoute(network, bridge);
        return links.requireLink(name);
    }

    /**
     * Removes a bridge that a cluster of the same name left with another range, for example when its data was deleted
     * under it: pods know their gateway by the address that its range gives it, so on the old bridge they reach nobody.
     */
    private void removeForgotten(Network network, String name) {
        MacAddress expected = MacAddress.derivedFrom(network.gateway());
        links.link(name)
                .filter(found -> found.kind().equals("bridge") && !found.mac().equals(expected))
                .ifPresent(found -> {
                    LOG.log(Level.WARNING, "removing a bridge of another range device={0}", name);
                    links.deleteLink(name);
                });
    }

    /** What a frame from a pod to the world may be long: as on the way that the host itself takes. */
    int mtu() {
        return links.routes().stream()
                .filter(route -> route.destination().equals(Cidr.EVERYTHING))
                .flatMap(route -> links.link(route.linkIndex()).stream())
                .mapToInt(Link::mtu)
                .min()
                .orElse(USUAL_MTU);
    }

    private Link create(Network network, String name) {
        refuseOverlap(network);
        links.createBridge(name, MacAddress.derivedFrom(network.gateway()), mtu());
        return links.requireLink(name);
    }

    private void refuseOverlap(Network network) {
        for (Route route : links.routes()) {
            if (route.destination().prefix() > 0 && route.destination().overlaps(network.addresses())) {
                String device = links.link(route.linkIndex()).map(Link::name).orElse("a device that is gone");
                throw new NetworkException(
                        NetworkException.Kind.CONFLICT,
                        "pod range %s of cluster %s overlaps the host's route %s by %s; give the cluster another range"
                                .formatted(network.addresses(), network.cluster(), route.destination(), device));
            }
        }
    }

    private void configure(String name) {
        // IPv4 only: without this, pods could talk over IPv6 link-local addresses past every rule.
        if (sysctl.exists("ipv6/conf/" + name)) {
            sysctl.write("ipv6/conf/" + name + "/disable_ipv6", "1");
        }
        sysctl.write("ipv4/conf/" + name + "/route_localnet", "1");
        // Redirects would use up the budget for ICMP errors that pods wait for. The kernel sends them if either switch
        // is on; every other device keeps its own, so switching "all" off changes nothing for them.
        sysctl.write("ipv4/conf/" + name + "/send_redirects", "0");
        sysctl.write("ipv4/conf/all/send_redirects", "0");
        if (sysctl.write("ipv4/ip_forward", "1")) {
            LOG.log(
                    Level.INFO,
                    "switched on sysctl=net.ipv4.ip_forward reason=\"pods reach the world through this host\"");
        }
    }

    /**
     * A route for service addresses, so that the host itself can connect to them without any default route. Nothing is
     * ever sent there untranslated: the service rules refuse it.
     */
    private void ensureServiceRoute(Network network, Link bridge) {
        boolean taken = links.routes().stream()
                .anyMatch(route -> route.linkIndex() != bridge.index()
                        && route.destination().prefix() > 0
                        && route.destination().overlaps(network.services()));
        if (taken) {
            LOG.log(
                    Level.WARNING,
                    "service range is routed elsewhere cluster={0} range={1} effect=\"services are reached from pods, "
                            + "from this host only by its default route\"",
                    network.cluster(),
                    network.services());
            return;
        }
        links.addRoute(Route.direct(network.services(), bridge.index()).withSource(network.gateway()));
    }
}
