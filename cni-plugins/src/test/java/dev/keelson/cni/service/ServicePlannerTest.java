package dev.keelson.cni.service;

import static dev.keelson.cni.service.Services.leaving;
import static dev.keelson.cni.service.Services.notReady;
import static dev.keelson.cni.service.Services.ready;
import static dev.keelson.cni.service.Services.service;
import static dev.keelson.cni.service.Services.slice;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.linux.net.Cidr;
import dev.keelson.linux.net.Ipv4;
import dev.keelson.linux.net.nft.Key;
import dev.keelson.linux.net.nft.NftSet;
import dev.keelson.linux.net.nft.Protocol;
import dev.keelson.linux.net.nft.Ruleset;
import dev.keelson.linux.net.nft.Statement;
import dev.keelson.linux.net.nft.Value;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ServicePlannerTest {
    private static final NodeFacts NODE =
            new NodeFacts("node-1", "keelson-test-services", "kl1", Cidr.parse("10.128.0.0/16"));
    private static final Key WEB = Key.of(Ipv4.parse("10.128.0.9"), Protocol.TCP, 80);

    private final Service web = service("web", "10.128.0.9", "TCP", 80);

    @Test
    void balancesOverReadyEndpointsInOrderOfAddress() {
        ServiceRules rules = plan(web, slice("web", "TCP", 8080, ready("10.0.0.3"), ready("10.0.0.2")));

        assertThat(targetsOf(rules, WEB)).containsExactly("10.0.0.2:8080", "10.0.0.3:8080");
    }

    @Test
    void leavesOutEndpointsThatAreNotReadyOrLeaving() {
        ServiceRules rules =
                plan(web, slice("web", "TCP", 8080, ready("10.0.0.2"), notReady("10.0.0.3"), leaving("10.0.0.4")));

        assertThat(targetsOf(rules, WEB)).containsExactly("10.0.0.2:8080");
    }

    @Test
    void fallsBackToEndpointsThatServeWhileTheyLeave() {
        ServiceRules rules = plan(web, slice("web", "TCP", 8080, notReady("10.0.0.3"), leaving("10.0.0.4")));

        assertThat(targetsOf(rules, WEB)).containsExactly("10.0.0.4:8080");
    }

    @Test
    void aServiceWithoutUsableEndpointHasNoElementSoThatItIsRefused() {
        ServiceRules rules = plan(web, slice("web", "TCP", 8080, notReady("10.0.0.3")));

        assertThat(elements(rules, "cluster-addresses")).isEmpty();
        assertThat(rules.ruleset().entrances()).isEmpty();
    }

    @Test
    void joinsSlicesAndMatchesPortsByNameAndProtocol() {
        EndpointSlice other = new EndpointSliceBuilder(slice("web", "TCP", 9090, ready("10.0.0.5")))
                .editFirstPort()
                .withName("metrics")
                .endPort()
                .build();

        ServiceRules rules = plan(
                web,
                slice("web", "TCP", 8080, ready("10.0.0.2")),
                slice("web", "TCP", 8081, ready("10.0.0.3")),
                slice("web", "UDP", 8080, ready("10.0.0.4")),
                other);

        assertThat(targetsOf(rules, WEB)).containsExactly("10.0.0.2:8080", "10.0.0.3:8081");
    }

    @Test
    void nodePortsLeadToTheSameEndpoints() {
        Service exposed = Services.withNodePort(web, 30080);

        ServiceRules rules = plan(exposed, slice("web", "TCP", 8080, ready("10.0.0.2")));

        assertThat(elements(rules, "node-ports"))
                .containsExactly(Map.entry(
                        Key.of(Protocol.TCP, 30080),
                        elements(rules, "cluster-addresses").get(WEB)));
    }

    @Test
    void localPoliciesAdmitOnlyEndpointsOfThisNode() {
        Service local = new ServiceBuilder(Services.withNodePort(web, 30080))
                .editSpec()
                .withExternalTrafficPolicy("Local")
                .withInternalTrafficPolicy("Local")
                .endSpec()
                .build();
        NodeFacts elsewhere = new NodeFacts("node-2", "t", "kl1", Cidr.parse("10.128.0.0/16"));
        ServiceState state = ServiceReader.read(List.of(local), List.of(slice("web", "TCP", 8080, ready("10.0.0.2"))));

        assertThat(elements(ServicePlanner.plan(state, NODE), "node-ports")).hasSize(1);
        assertThat(elements(ServicePlanner.plan(state, elsewhere), "node-ports"))
                .isEmpty();
        assertThat(elements(ServicePlanner.plan(state, elsewhere), "cluster-addresses"))
                .isEmpty();
    }

    @Test
    void headlessAndExternalServicesNeedNoRules() {
        Service headless = service("web", "None", "TCP", 80);
        Service external = new ServiceBuilder(service("ext", "", "TCP", 80))
                .editSpec()
                .withType("ExternalName")
                .withExternalName("example.org")
                .endSpec()
                .build();
        ServiceState state =
                ServiceReader.read(List.of(headless, external), List.of(slice("web", "TCP", 8080, ready("10.0.0.2"))));

        assertThat(elements(ServicePlanner.plan(state, NODE), "cluster-addresses"))
                .isEmpty();
    }

    @Test
    void publishNotReadyAddressesMakesEveryEndpointReady() {
        Service early = new ServiceBuilder(web)
                .editSpec()
                .withPublishNotReadyAddresses(true)
                .endSpec()
                .build();

        assertThat(targetsOf(plan(early, slice("web", "TCP", 8080, notReady("10.0.0.2"))), WEB))
                .containsExactly("10.0.0.2:8080");
    }

    @Test
    void aWithdrawnPodGetsNoNewConnectionsWhileOthersServe() {
        ServiceState state = ServiceReader.read(
                List.of(web), List.of(slice("web", "TCP", 8080, ready("10.0.0.2"), ready("10.0.0.3"))));

        ServiceRules rules = ServicePlanner.plan(state.withWithdrawn(Set.of("uid-10.0.0.2")), NODE);

        assertThat(targetsOf(rules, WEB)).containsExactly("10.0.0.3:8080");
    }

    @Test
    void aWithdrawnPodThatIsTheLastKeepsServing() {
        ServiceState state = ServiceReader.read(List.of(web), List.of(slice("web", "TCP", 8080, ready("10.0.0.2"))));

        ServiceRules rules = ServicePlanner.plan(state.withWithdrawn(Set.of("uid-10.0.0.2")), NODE);

        assertThat(targetsOf(rules, WEB)).containsExactly("10.0.0.2:8080");
    }

    @Test
    void otherEndpointsLeaveTheElementsOfTheServiceAsTheyAre() {
        ServiceRules before = plan(web, slice("web", "TCP", 8080, ready("10.0.0.2"), ready("10.0.0.3")));
        ServiceRules after = plan(web, slice("web", "TCP", 8080, ready("10.0.0.4")));

        assertThat(elements(after, "cluster-addresses")).isEqualTo(elements(before, "cluster-addresses"));
        assertThat(after.ruleset().entrances().keySet())
                .isEqualTo(before.ruleset().entrances().keySet());
    }

    @Test
    void aPodThatIsTakenOutStillReachesItselfWithWhatIsOnItsWay() {
        ServiceRules rules = plan(web, slice("web", "TCP", 8080, ready("10.0.0.2"), leaving("10.0.0.3")));

        assertThat(elements(rules, "hairpin")).hasSize(2);
    }

    @Test
    void portsThatShareAnEndpointsPortShareItsMemoryOfClients() {
        Service sticky = new ServiceBuilder(Services.withAffinity(web))
                .editSpec()
                .addNewPort()
                .withName("alternative")
                .withProtocol("TCP")
                .withPort(8000)
                .endPort()
                .endSpec()
                .build();
        EndpointSlice both = new EndpointSliceBuilder(slice("web", "TCP", 8080, ready("10.0.0.2")))
                .addNewPort()
                .withName("alternative")
                .withProtocol("TCP")
                .withPort(8080)
                .endPort()
                .build();

        assertThat(plan(sticky, both).ruleset().sets())
                .extracting(NftSet::name)
                .containsOnlyOnce("clients-default/web-10.0.0.2-8080-10800");
    }

    @Test
    void affinityMakesOneChainAndOneMemoryForEachEndpoint() {
        Service sticky = Services.withAffinity(web);

        Ruleset ruleset = plan(sticky, slice("web", "TCP", 8080, ready("10.0.0.2"), ready("10.0.0.3")))
                .ruleset();

        assertThat(ruleset.entrances()).hasSize(1);
        assertThat(ruleset.chains()).hasSize(2);
        assertThat(ruleset.sets())
                .extracting(NftSet::name)
                .contains("clients-default/web-10.0.0.2-8080-10800", "clients-default/web-10.0.0.3-8080-10800");
    }

    @Test
    void anEndpointThatLeavesTakesNoOtherEndpointsClientsAlong() {
        Service sticky = Services.withAffinity(web);
        Ruleset before = plan(sticky, slice("web", "TCP", 8080, ready("10.0.0.2"), ready("10.0.0.3")))
                .ruleset();
        Ruleset after =
                plan(sticky, slice("web", "TCP", 8080, ready("10.0.0.2"))).ruleset();

        assertThat(before.sets())
                .extracting(NftSet::name)
                .containsAll(after.sets().stream().map(NftSet::name).toList());
    }

    @Test
    void slicesWithoutServiceAndNullFieldsAreHarmless() {
        EndpointSlice bare = new EndpointSliceBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName("x")
                .endMetadata()
                .build();

        assertThat(elements(plan(web, bare), "cluster-addresses")).isEmpty();
    }

    private static ServiceRules plan(Service service, EndpointSlice... slices) {
        return ServicePlanner.plan(ServiceReader.read(List.of(service), List.of(slices)), NODE);
    }

    private static Map<Key, Value> elements(ServiceRules rules, String set) {
        return rules.ruleset().sets().stream()
                .filter(candidate -> candidate.name().equals(set))
                .findFirst()
                .orElseThrow()
                .elements();
    }

    private static List<String> targetsOf(ServiceRules rules, Key key) {
        String chain = ((Value.GoTo) elements(rules, "cluster-addresses").get(key)).chain();
        return rules.ruleset().entrances().get(chain).rules().stream()
                .flatMap(rule -> rule.statements().stream())
                .flatMap(ServicePlannerTest::targets)
                .distinct()
                .map(Value.Target::toString)
                .toList();
    }

    private static Stream<Value.Target> targets(Statement statement) {
        return switch (statement) {
            case Statement.Balance balance -> balance.targets().stream();
            case Statement.Redirect(Value.Target target) -> Stream.of(target);
            default -> Stream.empty();
        };
    }
}
