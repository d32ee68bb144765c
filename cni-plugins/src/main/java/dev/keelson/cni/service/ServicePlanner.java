package dev.keelson.cni.service;

import dev.keelson.cni.service.ServiceRules.UdpDestination;
import dev.keelson.cni.service.SliceView.EndpointView;
import dev.keelson.linux.net.Flow.SocketEnd;
import dev.keelson.linux.net.Ipv4;
import dev.keelson.linux.net.nft.Chain;
import dev.keelson.linux.net.nft.Field;
import dev.keelson.linux.net.nft.Hook;
import dev.keelson.linux.net.nft.Key;
import dev.keelson.linux.net.nft.NftSet;
import dev.keelson.linux.net.nft.NftSet.Holds;
import dev.keelson.linux.net.nft.Protocol;
import dev.keelson.linux.net.nft.Rule;
import dev.keelson.linux.net.nft.Ruleset;
import dev.keelson.linux.net.nft.Statement.ComesInBy;
import dev.keelson.linux.net.nft.Statement.DestinationIn;
import dev.keelson.linux.net.nft.Statement.DestinationIsLocal;
import dev.keelson.linux.net.nft.Statement.InSet;
import dev.keelson.linux.net.nft.Statement.IsRedirected;
import dev.keelson.linux.net.nft.Statement.MapToVerdict;
import dev.keelson.linux.net.nft.Statement.Masquerade;
import dev.keelson.linux.net.nft.Statement.ProtocolIs;
import dev.keelson.linux.net.nft.Statement.RejectWithIcmp;
import dev.keelson.linux.net.nft.Statement.RejectWithReset;
import dev.keelson.linux.net.nft.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Plans how a node sends connections to services on to their endpoints (what kube-proxy does in Kubernetes). Equal
 * inputs give equal plans, whatever their order.
 *
 * <p>A map leads from a service's address and port to an {@link Entrance}, which redirects each new connection to an
 * endpoint chosen at random. Connections that exist are not looked at again, so an endpoint that leaves loses new connections only.
 * What is sent to a service address that has no endpoint arrives at the end untranslated and is refused there.
 */
public final class ServicePlanner {
    private static final List<Field> ADDRESS_KEY =
            List.of(Field.DESTINATION_ADDRESS, Field.PROTOCOL, Field.DESTINATION_PORT);
    private static final List<Field> PORT_KEY = List.of(Field.PROTOCOL, Field.DESTINATION_PORT);
    private static final List<Field> HAIRPIN_KEY = List.of(Field.SOURCE_ADDRESS, Field.DESTINATION_ADDRESS);
    private static final String CLUSTER_ADDRESSES = "cluster-addresses";
    private static final String NODE_PORTS = "node-ports";
    private static final String HAIRPIN = "hairpin";

    private final NodeFacts node;
    private final Map<String, Chain> entrances = new HashMap<>();
    private final Map<String, Chain> chains = new HashMap<>();
    private final Map<String, NftSet> memories = new TreeMap<>();
    private final Map<Key, Value> clusterAddresses = new HashMap<>();
    private final Map<Key, Value> nodePorts = new HashMap<>();
    private final Map<Key, Value> hairpin = new HashMap<>();
    private final Map<UdpDestination, Set<SocketEnd>> udp = new HashMap<>();

    private ServicePlanner(NodeFacts node) {
        this.node = node;
    }

    public static ServiceRules plan(ServiceState state, NodeFacts node) {
        ServicePlanner planner = new ServicePlanner(node);
        for (ServiceView service : state.ordered()) {
            if (!service.clusterIps().isEmpty()) {
                planner.add(service, state.slicesOf(service.name()));
            }
        }
        return planner.rules();
    }

    private void add(ServiceView service, List<SliceView> slices) {
        service.ports().forEach(port -> add(service, port, slices));
        allowHairpin(slices);
    }

    private void add(ServiceView service, ServiceView.Port port, List<SliceView> slices) {
        Predicate<EndpointView> here =
                endpoint -> endpoint.node().filter(node.nodeName()::equals).isPresent();
        Predicate<EndpointView> anywhere = endpoint -> true;
        List<Value.Target> inside =
                EndpointPicker.pick(service, port, slices, service.internalLocal() ? here : anywhere);
        for (Ipv4 address : service.clusterIps()) {
            lead(
                    clusterAddresses,
                    Key.of(address, port.protocol(), port.port()),
                    Entrance.of(service, port, service.internalLocal()),
                    inside);
            rememberUdp(port, new UdpDestination(address, port.port()), inside);
        }
        if (port.nodePort() > 0) {
            List<Value.Target> outside =
                    EndpointPicker.pick(service, port, slices, service.externalLocal() ? here : anywhere);
            lead(
                    nodePorts,
                    Key.of(port.protocol(), port.nodePort()),
                    Entrance.of(service, port, service.externalLocal()),
                    outside);
            rememberUdp(port, new UdpDestination(UdpDestination.ANY, port.nodePort()), outside);
        }
    }

    private void lead(Map<Key, Value> map, Key key, Entrance entrance, List<Value.Target> targets) {
        if (targets.isEmpty()) {
            return;
        }
        Entrance.Way way = entrance.leadingTo(targets);
        entrances.put(entrance.name(), way.first());
        way.endpoints().forEach(chain -> chains.put(chain.name(), chain));
        way.memories().forEach(memory -> memories.put(memory.name(), memory));
        map.putIfAbsent(key, Value.goTo(entrance.name()));
    }

    /** Whether they are used or not: a packet may be on its way to an endpoint that is being taken out. */
    private void allowHairpin(List<SliceView> slices) {
        slices.stream()
                .flatMap(slice -> slice.endpoints().stream())
                .map(endpoint -> endpoint.addresses().getFirst())
                .forEach(address -> hairpin.put(Key.of(address, address), Value.NONE));
    }

    private void rememberUdp(ServiceView.Port port, UdpDestination destination, List<Value.Target> targets) {
        if (port.protocol() == Protocol.UDP) {
            udp.put(
                    destination,
                    targets.stream()
                            .map(target -> new SocketEnd(target.address(), target.port()))
                            .collect(Collectors.toSet()));
        }
    }

    private ServiceRules rules() {
        List<NftSet> sets = new ArrayList<>(memories.values());
        sets.add(NftSet.of(CLUSTER_ADDRESSES, ADDRESS_KEY, Holds.VERDICT, clusterAddresses));
        sets.add(NftSet.of(NODE_PORTS, PORT_KEY, Holds.VERDICT, nodePorts));
        sets.add(NftSet.of(HAIRPIN, HAIRPIN_KEY, Holds.NOTHING, hairpin));
        Ruleset ruleset = new Ruleset(
                node.table(),
                Map.of(
                        Hook.NAT_PREROUTING, dispatchOfOthers(),
                        Hook.NAT_OUTPUT, dispatchOfOwn(),
                        Hook.NAT_POSTROUTING, hairpinTranslation(),
                        Hook.FILTER_FORWARD, refuseOfPods(),
                        Hook.FILTER_OUTPUT, refuseOfOwn()),
                entrances,
                chains.keySet().stream().sorted().map(chains::get).toList(),
                sets);
        return new ServiceRules(ruleset, udp);
    }

    /** Cluster addresses mean something only to this cluster's pods; node ports are for everybody. */
    private Chain dispatchOfOthers() {
        return Chain.of(
                "dispatch-in",
                List.of(
                        Rule.of(
                                "cluster addresses",
                                new ComesInBy(node.bridge(), false, false),
                                new MapToVerdict(ADDRESS_KEY, CLUSTER_ADDRESSES)),
                        nodePortDispatch()));
    }

    private Chain dispatchOfOwn() {
        return Chain.of(
                "dispatch-own",
                List.of(
                        Rule.of("cluster addresses", new MapToVerdict(ADDRESS_KEY, CLUSTER_ADDRESSES)),
                        nodePortDispatch()));
    }

    private static Rule nodePortDispatch() {
        return Rule.of("node ports", new DestinationIsLocal(), new MapToVerdict(PORT_KEY, NODE_PORTS));
    }

    private static Chain hairpinTranslation() {
        return Chain.of(
                "hairpin",
                List.of(Rule.of(
                        "a pod to itself through its service",
                        new IsRedirected(),
                        new InSet(HAIRPIN_KEY, HAIRPIN),
                        new Masquerade())));
    }

    private Chain refuseOfPods() {
        DestinationIn services = new DestinationIn(node.services(), false);
        ComesInBy pods = new ComesInBy(node.bridge(), false, false);
        return Chain.of(
                "refuse-in",
                List.of(
                        Rule.of("no endpoint", pods, services, new ProtocolIs(Protocol.TCP), new RejectWithReset()),
                        Rule.of("no endpoint", pods, services, new RejectWithIcmp())));
    }

    private Chain refuseOfOwn() {
        DestinationIn services = new DestinationIn(node.services(), false);
        return Chain.of(
                "refuse-own",
                List.of(
                        Rule.of("no endpoint", services, new ProtocolIs(Protocol.TCP), new RejectWithReset()),
                        Rule.of("no endpoint", services, new RejectWithIcmp())));
    }
}
