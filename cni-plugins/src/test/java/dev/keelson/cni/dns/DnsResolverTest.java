package dev.keelson.cni.dns;

import static dev.keelson.cni.service.Services.notReady;
import static dev.keelson.cni.service.Services.ready;
import static dev.keelson.cni.service.Services.service;
import static dev.keelson.cni.service.Services.slice;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.cni.dns.DnsReply.Code;
import dev.keelson.cni.service.ServiceReader;
import dev.keelson.cni.service.Services;
import dev.keelson.linux.net.Cidr;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DnsResolverTest {
    private static final Endpoint NAMED =
            new EndpointBuilder(ready("10.0.0.5")).withHostname("db-0").build();
    private static final Service ALIAS = new ServiceBuilder(service("alias", "", "TCP", 80))
            .editSpec()
            .withType("ExternalName")
            .withExternalName("example.org.")
            .endSpec()
            .build();

    private final DnsSnapshot snapshot = new DnsSnapshot(
            "cluster.local",
            List.of(Cidr.parse("10.0.0.0/24"), Cidr.parse("10.128.0.0/16")),
            ServiceReader.read(
                    List.of(
                            service("web", "10.128.0.9", "TCP", 80),
                            service("db", "None", "TCP", 5432),
                            service("empty", "None", "TCP", 80),
                            ALIAS),
                    List.of(
                            slice("web", "TCP", 8080, ready("10.0.0.2")),
                            slice("db", "TCP", 5433, NAMED, ready("10.0.0.6"), notReady("10.0.0.7")))));

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            web.default.svc.cluster.local           | 1  | A web.default.svc.cluster.local 10.128.0.9
            WEB.Default.svc.Cluster.Local           | 1  | A web.default.svc.cluster.local 10.128.0.9
            web.default.svc.cluster.local           | 255| A web.default.svc.cluster.local 10.128.0.9
            db.default.svc.cluster.local            | 1  | A db.default.svc.cluster.local 10.0.0.5, A db.default.svc.cluster.local 10.0.0.6
            db-0.db.default.svc.cluster.local       | 1  | A db-0.db.default.svc.cluster.local 10.0.0.5
            10-0-0-6.db.default.svc.cluster.local   | 1  | A 10-0-0-6.db.default.svc.cluster.local 10.0.0.6
            10-0-0-2.default.pod.cluster.local      | 1  | A 10-0-0-2.default.pod.cluster.local 10.0.0.2
            _main._tcp.web.default.svc.cluster.local| 33 | SRV 100 80 web.default.svc.cluster.local
            _main._tcp.db.default.svc.cluster.local | 33 | SRV 50 5433 10-0-0-6.db.default.svc.cluster.local, SRV 50 5433 db-0.db.default.svc.cluster.local
            db.default.svc.cluster.local            | 33 | SRV 50 5433 10-0-0-6.db.default.svc.cluster.local, SRV 50 5433 db-0.db.default.svc.cluster.local
            9.0.128.10.in-addr.arpa                 | 12 | PTR web.default.svc.cluster.local
            5.0.0.10.in-addr.arpa                   | 12 | PTR db-0.db.default.svc.cluster.local
            dns-version.cluster.local               | 16 | TXT 1.1.0
            cluster.local                           | 6  | SOA cluster.local
            """)
    void answers(String name, int type, String expected) {
        DnsReply reply = reply(name, type);

        assertThat(reply.code()).isEqualTo(Code.NO_ERROR);
        assertThat(String.join(
                        ", ",
                        reply.answers().stream().map(DnsResolverTest::text).toList()))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "web.default.svc.cluster.local, 28",
        "web.default.svc.cluster.local, 16",
        "empty.default.svc.cluster.local, 1",
        "db-0.db.default.svc.cluster.local, 28",
        "_main._tcp.web.default.svc.cluster.local, 1",
        "_tcp.web.default.svc.cluster.local, 33",
        "10-0-0-2.default.pod.cluster.local, 28",
        "default.svc.cluster.local, 1",
        "svc.cluster.local, 1",
        "pod.cluster.local, 1",
        "cluster.local, 1",
        "9.0.128.10.in-addr.arpa, 1"
    })
    void namesWithoutSuchARecordExist(String name, int type) {
        DnsReply reply = reply(name, type);

        assertThat(reply.code()).isEqualTo(Code.NO_ERROR);
        assertThat(reply.answers()).isEmpty();
        assertThat(reply.authority()).containsExactly(new DnsRecord.Soa("cluster.local"));
    }

    @ParameterizedTest
    @CsvSource({
        "nothing.default.svc.cluster.local, 1",
        "web.other.svc.cluster.local, 1",
        "other.svc.cluster.local, 1",
        "web.default.svc.cluster.local.default.svc.cluster.local, 1",
        "10-0-0-7.db.default.svc.cluster.local, 1",
        "a.b.c.web.default.svc.cluster.local, 1",
        "_other._tcp.web.default.svc.cluster.local, 33",
        "_main._udp.web.default.svc.cluster.local, 33",
        "_udp.web.default.svc.cluster.local, 33",
        "not-an-address.default.pod.cluster.local, 1",
        "x.10-0-0-2.default.pod.cluster.local, 1",
        "x.alias.default.svc.cluster.local, 1",
        "example.cluster.local, 1",
        "77.0.0.10.in-addr.arpa, 12"
    })
    void namesThatDoNotExistAreSaidNotTo(String name, int type) {
        DnsReply reply = reply(name, type);

        assertThat(reply.code()).isEqualTo(Code.NO_SUCH_NAME);
        assertThat(reply.authority()).containsExactly(new DnsRecord.Soa("cluster.local"));
    }

    @ParameterizedTest
    @CsvSource({
        "example.org, 1",
        "notcluster.local, 1",
        "local, 1",
        "1.0.0.8.in-addr.arpa, 12",
        "0.0.10.in-addr.arpa, 12",
        "x.y.z.w.in-addr.arpa, 12"
    })
    void otherNamesAreForOthers(String name, int type) {
        assertThat(DnsResolver.answer(new DnsQuestion(name, type), snapshot)).isInstanceOf(Resolution.NotOurs.class);
    }

    @Test
    void anExternalNameIsAnAlias() {
        Resolution resolution =
                DnsResolver.answer(new DnsQuestion("alias.default.svc.cluster.local", RecordType.A), snapshot);

        assertThat(resolution)
                .isEqualTo(new Resolution.Alias(new DnsRecord.Cname("alias.default.svc.cluster.local", "example.org")));
    }

    @Test
    void theTargetsAddressesComeWithServiceRecords() {
        assertThat(reply("_main._tcp.db.default.svc.cluster.local", RecordType.SRV)
                        .additional())
                .extracting(DnsResolverTest::text)
                .containsExactly(
                        "A 10-0-0-6.db.default.svc.cluster.local 10.0.0.6",
                        "A db-0.db.default.svc.cluster.local 10.0.0.5");
    }

    @Test
    void endpointsThatAreNotReadyAreNamedWhenTheServiceSaysSo() {
        Service early = new ServiceBuilder(service("early", "None", "TCP", 80))
                .editSpec()
                .withPublishNotReadyAddresses(true)
                .endSpec()
                .build();
        DnsSnapshot other = snapshot.with(
                ServiceReader.read(List.of(early), List.of(Services.slice("early", "TCP", 80, notReady("10.0.0.8")))));

        Resolution resolution =
                DnsResolver.answer(new DnsQuestion("early.default.svc.cluster.local", RecordType.A), other);

        assertThat(((Resolution.Answered) resolution).reply().answers()).hasSize(1);
    }

    @Test
    void zoneTransfersAreRefused() {
        assertThat(reply("cluster.local", RecordType.AXFR).code()).isEqualTo(Code.REFUSED);
    }

    private DnsReply reply(String name, int type) {
        return ((Resolution.Answered) DnsResolver.answer(new DnsQuestion(name, type), snapshot)).reply();
    }

    private static String text(DnsRecord record) {
        return switch (record) {
            case DnsRecord.A a -> "A %s %s".formatted(a.name(), a.address());
            case DnsRecord.Cname cname -> "CNAME " + cname.target();
            case DnsRecord.Ptr ptr -> "PTR " + ptr.target();
            case DnsRecord.Srv srv -> "SRV %d %d %s".formatted(srv.weight(), srv.port(), srv.target());
            case DnsRecord.Txt txt -> "TXT " + txt.text();
            case DnsRecord.Soa soa -> "SOA " + soa.name();
        };
    }
}
