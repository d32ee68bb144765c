package dev.keelson.cni.dns;

import static dev.keelson.cni.service.Services.ready;
import static dev.keelson.cni.service.Services.service;
import static dev.keelson.cni.service.Services.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.cni.bridge.BridgeDriver;
import dev.keelson.cni.driver.Network;
import dev.keelson.cni.driver.NetworkException;
import dev.keelson.cni.fixture.TestHost;
import dev.keelson.cni.fixture.TestPod;
import dev.keelson.cni.service.ServiceReader;
import dev.keelson.linux.net.Cidr;
import dev.keelson.linux.net.Ipv4;
import dev.keelson.linux.net.Link;
import dev.keelson.linux.net.Route;
import dev.keelson.linux.net.Rtnetlink;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Hashtable;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.InitialDirContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A resolver that is not ours (the one of the JDK) asks from inside a pod. */
class DnsServerIT {
    private static final Network NETWORK =
            Network.ofCluster("dns", Cidr.parse("10.244.1.0/24"), Cidr.parse("10.128.0.0/16"));

    @TempDir
    Path state;

    private TestHost host;
    private BridgeDriver driver;
    private DnsServer server;
    private TestPod pod;

    @BeforeEach
    void open() {
        host = TestHost.create(false);
        driver = new BridgeDriver(host.namespace(), state);
        driver.createNetwork(NETWORK);
        server = start();
        Endpoint[] endpoints = IntStream.rangeClosed(10, 109)
                .mapToObj(i -> ready("10.244.1." + i))
                .toArray(Endpoint[]::new);
        server.update(ServiceReader.read(
                List.of(service("web", "10.128.0.9", "TCP", 80), service("many", "None", "TCP", 80)),
                List.of(slice("many", "TCP", 80, endpoints))));
        pod = host.pod("client");
        driver.connect(NETWORK, pod.sandbox());
    }

    @AfterEach
    void close() {
        server.close();
        driver.close();
        host.close();
    }

    @Test
    void aPodResolvesAService() {
        assertThat(lookUp(pod, "web.default.svc.cluster.local", "A")).containsExactly("10.128.0.9");
        assertThat(lookUp(pod, "_main._tcp.web.default.svc.cluster.local", "SRV"))
                .containsExactly("0 100 80 web.default.svc.cluster.local.");
        assertThat(lookUp(pod, "9.0.128.10.in-addr.arpa", "PTR")).containsExactly("web.default.svc.cluster.local.");
    }

    @Test
    void theNodeItselfIsAnsweredToo() {
        assertThat(lookUp(host.node(), "web.default.svc.cluster.local", "A")).containsExactly("10.128.0.9");
    }

    @Test
    void longAnswersArriveWholeByTcp() {
        assertThat(lookUp(pod, "many.default.svc.cluster.local", "A")).hasSize(100);
    }

    @Test
    void missingNamesAreTold() {
        assertThatThrownBy(() -> lookUp(pod, "nothing.default.svc.cluster.local", "A"))
                .hasRootCauseInstanceOf(NameNotFoundException.class);
        assertThat(lookUp(pod, "web.default.svc.cluster.local", "AAAA")).isEmpty();
    }

    @Test
    void theWorldIsNotServed() {
        try (Rtnetlink links = Rtnetlink.open(host.world().namespace())) {
            Link uplink = links.requireLink("eth0");
            links.addRoute(Route.via(NETWORK.addresses(), Ipv4.parse(TestHost.HOST_ADDRESS), uplink.index()));
        }

        assertThatThrownBy(() -> lookUp(host.world(), "web.default.svc.cluster.local", "A"))
                .hasRootCauseInstanceOf(Exception.class);
    }

    @Test
    void anotherServerAtTheAddressIsNamed() {
        assertThatThrownBy(this::start)
                .isInstanceOf(NetworkException.class)
                .hasMessageContaining("cannot serve names at 10.244.1.1:53");
    }

    private DnsServer start() {
        return DnsServer.start(
                host.namespace(),
                NETWORK.gateway(),
                NETWORK.addresses(),
                NETWORK.services(),
                "cluster.local",
                (query, transport) -> Optional.empty());
    }

    private static TreeSet<String> lookUp(TestPod from, String name, String type) {
        return from.namespace().call(() -> {
            Hashtable<String, String> environment = new Hashtable<>();
            environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
            environment.put(Context.PROVIDER_URL, "dns://" + NETWORK.gateway());
            environment.put("com.sun.jndi.dns.timeout.initial", "500");
            environment.put("com.sun.jndi.dns.timeout.retries", "2");
            InitialDirContext context = new InitialDirContext(environment);
            try {
                Attribute attribute =
                        context.getAttributes(name, new String[] {type}).get(type);
                return attribute == null ? new TreeSet<String>() : values(attribute);
            } finally {
                context.close();
            }
        });
    }

    private static TreeSet<String> values(Attribute attribute) throws NamingException {
        TreeSet<String> values = new TreeSet<>();
        for (Object value : Collections.list(attribute.getAll())) {
            values.add(value.toString());
        }
        return values;
    }
}
