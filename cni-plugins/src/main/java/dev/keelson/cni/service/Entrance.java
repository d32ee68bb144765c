package dev.keelson.cni.service;

import dev.keelson.linux.net.nft.Chain;
import dev.keelson.linux.net.nft.Field;
import dev.keelson.linux.net.nft.NftSet;
import dev.keelson.linux.net.nft.Rule;
import dev.keelson.linux.net.nft.Statement;
import dev.keelson.linux.net.nft.Statement.Balance;
import dev.keelson.linux.net.nft.Statement.BalanceChains;
import dev.keelson.linux.net.nft.Statement.GoTo;
import dev.keelson.linux.net.nft.Statement.InSet;
import dev.keelson.linux.net.nft.Statement.ProtocolIs;
import dev.keelson.linux.net.nft.Statement.Redirect;
import dev.keelson.linux.net.nft.Statement.Remember;
import dev.keelson.linux.net.nft.Value;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Where new connections to a port of a service come in, whichever endpoints there are. The rules behind it are written
 * so that a packet which is in them while they are replaced still gets to an endpoint. Pure.
 *
 * @param name of the chain that stays as long as there is an endpoint
 */
record Entrance(String name, ServiceView service, ServiceView.Port port) {
    /** A rule that is being replaced loses the elements of its map before the last packet has left the rule. */
    private static final String WHILE_REPLACED = "while the rule before is being replaced";

    /**
     * The chains behind an entrance.
     *
     * @param first what the entrance leads to
     * @param endpoints chains of single endpoints, which the first one refers to
     * @param memories sets in which endpoints remember their clients
     */
    record Way(Chain first, List<Chain> endpoints, List<NftSet> memories) {}

    private record Memory(Chain endpoint, NftSet clients) {}

    /** @param local whether only endpoints of this node are behind it */
    static Entrance of(ServiceView service, ServiceView.Port port, boolean local) {
        return new Entrance(chain("service", service, port) + (local ? "/local" : ""), service, port);
    }

    private static String chain(String kind, ServiceView service, ServiceView.Port port) {
        return "%s-%s/%s/%d"
                .formatted(kind, service.name(), port.protocol().name().toLowerCase(Locale.ROOT), port.port());
    }

    /** @param targets one or more */
    Way leadingTo(List<Value.Target> targets) {
        return service.affinity()
                .map(timeout -> sticky(
                        targets.stream().map(target -> memory(target, timeout)).toList()))
                .orElseGet(() -> new Way(Chain.of(name, balanced(targets)), List.of(), List.of()));
    }

    private List<Rule> balanced(List<Value.Target> targets) {
        Redirect toFirst = new Redirect(targets.getFirst());
        return targets.size() == 1
                ? List.of(rule("", toFirst))
                : List.of(rule("", new Balance(targets)), rule(WHILE_REPLACED, toFirst));
    }

    private Way sticky(List<Memory> memories) {
        List<Chain> endpoints = memories.stream().map(Memory::endpoint).toList();
        List<String> names = endpoints.stream().map(Chain::name).toList();
        Stream<Rule> known = memories.stream()
                .map(memory -> Rule.of(
                        "",
                        new InSet(memory.clients().key(), memory.clients().name()),
                        new GoTo(memory.endpoint().name())));
        Stream<Rule> fresh =
                Stream.of(Rule.of("", new BalanceChains(names)), Rule.of(WHILE_REPLACED, new GoTo(names.getFirst())));
        return new Way(
                Chain.of(name, Stream.concat(known, fresh).toList()),
                endpoints,
                memories.stream().map(Memory::clients).toList());
    }

    /** Every endpoint remembers its clients by itself, so an endpoint that leaves takes only its own with it. */
    private Memory memory(Value.Target target, Duration timeout) {
        String clients =
                "clients-%s-%s-%d-%d".formatted(service.name(), target.address(), target.port(), timeout.toSeconds());
        Chain endpoint = Chain.of(
                chain("endpoint", service, port),
                List.of(rule("", new Remember(Field.SOURCE_ADDRESS, clients), new Redirect(target))));
        return new Memory(endpoint, NftSet.remembering(clients, List.of(Field.SOURCE_ADDRESS), timeout));
    }

    private Rule rule(String comment, Statement... statements) {
        return new Rule(
                comment,
                Stream.concat(Stream.of(new ProtocolIs(port.protocol())), Stream.of(statements))
                        .toList());
    }
}
