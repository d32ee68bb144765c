package dev.keelson.cni.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.cni.service.SliceView.EndpointView;
import dev.keelson.linux.net.Cidr;
import dev.keelson.linux.net.Ipv4;
import dev.keelson.linux.net.nft.Chain;
import dev.keelson.linux.net.nft.ObservedTable;
import dev.keelson.linux.net.nft.Protocol;
import dev.keelson.linux.net.nft.Rule;
import dev.keelson.linux.net.nft.Ruleset;
import dev.keelson.linux.net.nft.RulesetDiff;
import dev.keelson.linux.net.nft.Statement;
import dev.keelson.linux.net.nft.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Laws of the plan on random clusters. */
class ServicePlannerLawsTest {
    private static final NodeFacts NODE = new NodeFacts("n1", "t", "kl1", Cidr.parse("10.128.0.0/16"));

    @Property(tries = 200)
    void theOrderOfInputsIsIrrelevant(@ForAll long seed) {
        World world = World.random(new Random(seed));

        assertThat(plan(world.shuffled(new Random(seed + 1)))).isEqualTo(plan(world));
    }

    @Property(tries = 200)
    void newConnectionsReachOnlyEndpointsThatServe(@ForAll long seed) {
        World world = World.random(new Random(seed));
        Set<Ipv4> serving = new HashSet<>();
        world.endpoints()
                .filter(endpoint -> endpoint.ready() || endpoint.serving())
                .forEach(endpoint -> serving.addAll(endpoint.addresses()));

        assertThat(targets(plan(world))).isSubsetOf(serving);
    }

    @Property(tries = 200)
    void everyReferenceResolvesInsideThePlan(@ForAll long seed) {
        Ruleset ruleset = plan(World.random(new Random(seed)));
        Set<String> chains = new HashSet<>();
        ruleset.chains().forEach(chain -> chains.add(chain.name()));
        chains.addAll(ruleset.entrances().keySet());
        Set<String> sets = new HashSet<>();
        ruleset.sets().forEach(set -> sets.add(set.name()));

        ruleset.sets().forEach(set -> set.elements().values().forEach(value -> {
            if (value instanceof Value.GoTo(String chain)) {
                assertThat(chains).contains(chain);
            }
        }));
        statements(ruleset).forEach(statement -> {
            switch (statement) {
                case Statement.InSet inSet -> assertThat(sets).contains(inSet.set());
                case Statement.MapToVerdict map -> assertThat(sets).contains(map.map());
                case Statement.GoTo(String chain) -> assertThat(chains).contains(chain);
                case Statement.BalanceChains balance -> assertThat(chains).containsAll(balance.chains());
                default -> {}
            }
        });
    }

    /** A packet may find the map of a rule empty while the rule is replaced, so the last rule must need none. */
    @Property(tries = 200)
    void aPacketThatIsInTheRulesOfAServiceGetsToAnEndpointWhateverItsMapsHold(@ForAll long seed) {
        Ruleset ruleset = plan(World.random(new Random(seed)));

        for (Chain entered : ruleset.entrances().values()) {
            Rule last = entered.rules().getLast();
            assertThat(last.statements()).allMatch(ServicePlannerLawsTest::needsNoSet);
            assertThat(last.statements().getLast()).isInstanceOfAny(Statement.Redirect.class, Statement.GoTo.class);
        }
    }

    private static boolean needsNoSet(Statement statement) {
        return statement instanceof Statement.ProtocolIs
                || statement instanceof Statement.Redirect
                || statement instanceof Statement.GoTo;
    }

    @Property(tries = 200)
    void applyingAPlanSettles(@ForAll long before, @ForAll @IntRange(max = 50) int step) {
        Ruleset first = plan(World.random(new Random(before)));
        Ruleset second = plan(World.random(new Random(before + step)));

        assertThat(RulesetDiff.between(ObservedTable.of(second), second)).isEmpty();
        assertThat(RulesetDiff.between(ObservedTable.of(first), second).isEmpty())
                .isEqualTo(first.equals(second));
    }

    private static Ruleset plan(World world) {
        return ServicePlanner.plan(ServiceState.of(world.services(), world.slices()), NODE)
                .ruleset();
    }

    private static Stream<Statement> statements(Ruleset ruleset) {
        return Stream.of(
                        ruleset.chains(),
                        ruleset.entrances().values(),
                        ruleset.hooks().values())
                .flatMap(Collection::stream)
                .flatMap(chain -> chain.rules().stream())
                .flatMap(rule -> rule.statements().stream());
    }

    private static Set<Ipv4> targets(Ruleset ruleset) {
        Set<Ipv4> targets = new HashSet<>();
        statements(ruleset).forEach(statement -> {
            if (statement instanceof Statement.Balance balance) {
                balance.targets().forEach(target -> targets.add(target.address()));
            } else if (statement instanceof Statement.Redirect(Value.Target target)) {
                targets.add(target.address());
            }
        });
        return targets;
    }

    private record World(List<ServiceView> services, List<SliceView> slices) {

        static World random(Random random) {
            List<ServiceView> services = new ArrayList<>();
            List<SliceView> slices = new ArrayList<>();
            int count = random.nextInt(6);
            for (int i = 0; i < count; i++) {
                ServiceName name = new ServiceName("ns" + random.nextInt(2), "svc" + i);
                services.add(service(random, name, i));
                for (int slice = random.nextInt(3); slice > 0; slice--) {
                    slices.add(slice(random, name));
                }
            }
            return new World(services, slices);
        }

        World shuffled(Random random) {
            List<ServiceView> otherServices = new ArrayList<>(services);
            Collections.shuffle(otherServices, random);
            List<SliceView> otherSlices = new ArrayList<>();
            for (SliceView slice : slices) {
                List<EndpointView> endpoints = new ArrayList<>(slice.endpoints());
                Collections.shuffle(endpoints, random);
                otherSlices.add(new SliceView(slice.service(), slice.ports(), endpoints));
            }
            Collections.shuffle(otherSlices, random);
            return new World(otherServices, otherSlices);
        }

        Stream<EndpointView> endpoints() {
            return slices.stream().flatMap(slice -> slice.endpoints().stream());
        }

        private static ServiceView service(Random random, ServiceName name, int number) {
            return new ServiceView(
                    name,
                    random.nextInt(5) == 0 ? List.of() : List.of(Ipv4.parse("10.128.0." + (number + 1))),
                    Optional.empty(),
                    List.of(
                            new ServiceView.Port("a", Protocol.TCP, 80, random.nextBoolean() ? 30000 + number : 0),
                            new ServiceView.Port("b", Protocol.UDP, 53, 0)),
                    random.nextBoolean() ? Optional.of(Duration.ofHours(3)) : Optional.empty(),
                    random.nextBoolean(),
                    random.nextBoolean(),
                    false);
        }

        private static SliceView slice(Random random, ServiceName name) {
            List<EndpointView> endpoints = new ArrayList<>();
            for (int i = random.nextInt(5); i > 0; i--) {
                boolean ready = random.nextBoolean();
                endpoints.add(new EndpointView(
                        List.of(Ipv4.parse("10.0.0." + (1 + random.nextInt(20)))),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("n" + random.nextInt(2)),
                        ready,
                        ready || random.nextBoolean(),
                        !ready && random.nextBoolean()));
            }
            return new SliceView(
                    name,
                    List.of(new SliceView.Port("a", Protocol.TCP, 8080), new SliceView.Port("b", Protocol.UDP, 5353)),
                    endpoints);
        }
    }
}
