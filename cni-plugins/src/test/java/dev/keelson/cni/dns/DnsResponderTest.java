package dev.keelson.cni.dns;

import static dev.keelson.cni.service.Services.ready;
import static dev.keelson.cni.service.Services.service;
import static dev.keelson.cni.service.Services.slice;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.cni.dns.Upstream.Transport;
import dev.keelson.cni.service.ServiceReader;
import dev.keelson.linux.net.Cidr;
import dev.keelson.linux.net.Ipv4;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DnsResponderTest {
    private static final int RECURSION_DESIRED = 0x0100;
    private static final int TRUNCATED = 0x0200;

    private final List<byte[]> forwarded = new ArrayList<>();
    private Optional<byte[]> upstreamAnswer = Optional.empty();
    private final DnsResponder responder = new DnsResponder(snapshot(), (query, transport) -> {
        forwarded.add(query);
        return upstreamAnswer;
    });

    @Test
    void repeatsIdAndQuestionAndSetsTheFlags() {
        byte[] query = query("web.default.svc.cluster.local", RecordType.A);

        byte[] answer = responder.respond(query, Transport.UDP).orElseThrow();

        assertThat(Arrays.copyOf(answer, 2)).isEqualTo(Arrays.copyOf(query, 2));
        assertThat(flags(answer)).isEqualTo(0x8580);
        assertThat(Arrays.copyOfRange(answer, 12, query.length)).isEqualTo(Arrays.copyOfRange(query, 12, query.length));
        assertThat(DnsAnswers.addresses(answer, "x"))
                .extracting(Object::toString)
                .hasSize(1);
    }

    @Test
    void anAnswerTooLongForUdpIsCutAndMarkedAndWholeOverTcp() {
        byte[] query = query("many.default.svc.cluster.local", RecordType.A);

        byte[] cut = responder.respond(query, Transport.UDP).orElseThrow();
        byte[] whole = responder.respond(query, Transport.TCP).orElseThrow();

        assertThat(cut.length).isLessThanOrEqualTo(512);
        assertThat(flags(cut) & TRUNCATED).isNotZero();
        assertThat(DnsAnswers.addresses(cut, "x")).hasSizeGreaterThan(20);
        assertThat(flags(whole) & TRUNCATED).isZero();
        assertThat(DnsAnswers.addresses(whole, "x")).hasSize(100);
    }

    @Test
    void aClientThatTakesMoreGetsMore() {
        byte[] query = extended(query("many.default.svc.cluster.local", RecordType.A), 4096);

        byte[] answer = responder.respond(query, Transport.UDP).orElseThrow();

        assertThat(answer.length).isBetween(513, 1232);
        assertThat(ByteBuffer.wrap(answer).getShort(10))
                .as("its own OPT record")
                .isEqualTo((short) 1);
    }

    @Test
    void aliasesAreFollowedOutside() {
        upstreamAnswer = Optional.of(DnsWriter.write(
                parsed(query("example.org", RecordType.A)),
                DnsReply.of(List.of(new DnsRecord.A("example.org", Ipv4.parse("192.0.2.80")))),
                512));

        byte[] answer = responder
                .respond(query("alias.default.svc.cluster.local", RecordType.A), Transport.UDP)
                .orElseThrow();

        assertThat(ByteBuffer.wrap(answer).getShort(6)).as("alias and address").isEqualTo((short) 2);
        assertThat(DnsAnswers.addresses(answer, "x").toString()).contains("192.0.2.80");
    }

    @Test
    void otherNamesPassAsTheyAre() {
        byte[] query = query("example.org", 99);
        upstreamAnswer = Optional.of(new byte[] {1, 2, 3});

        assertThat(responder.respond(query, Transport.TCP)).contains(new byte[] {1, 2, 3});
        assertThat(forwarded).containsExactly(query);
    }

    @Test
    void whenNobodyAnswersTheClientIsToldSo() {
        byte[] answer = responder
                .respond(query("example.org", RecordType.A), Transport.UDP)
                .orElseThrow();

        assertThat(flags(answer) & 0xf).isEqualTo(2);
    }

    @Test
    void answersAndRubbishAreNotAnswered() {
        byte[] loop = query("web.default.svc.cluster.local", RecordType.A);
        loop[2] |= (byte) 0x80;

        assertThat(responder.respond(loop, Transport.UDP)).isEmpty();
        assertThat(responder.respond(new byte[] {1, 2, 3}, Transport.UDP)).isEmpty();
    }

    @Test
    void brokenQueriesAreRefusedByCode() {
        byte[] query = query("web.default.svc.cluster.local", RecordType.A);
        byte[] update = query.clone();
        update[2] |= 0x28;
        byte[] twoQuestions = query.clone();
        twoQuestions[5] = 2;

        assertThat(code(update)).isEqualTo(4);
        assertThat(code(twoQuestions)).isEqualTo(1);
        assertThat(code(Arrays.copyOf(query, query.length - 3))).isEqualTo(1);
    }

    @Test
    void noBytesWhateverMakeItFail() {
        Random random = new Random(42);
        byte[] valid = extended(query("many.default.svc.cluster.local", RecordType.ANY), 1400);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = valid.clone();
            for (int changes = random.nextInt(6); changes >= 0; changes--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            byte[] cut = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            responder.respond(cut, Transport.UDP).ifPresent(answer -> assertThat(answer.length)
                    .isLessThanOrEqualTo(1232));
        }
    }

    private int code(byte[] query) {
        return flags(responder.respond(query, Transport.UDP).orElseThrow()) & 0xf;
    }

    private static int flags(byte[] message) {
        return ByteBuffer.wrap(message).getShort(2) & 0xffff;
    }

    private static byte[] query(String name, int type) {
        return DnsAnswers.question(4711, name, type, RECURSION_DESIRED);
    }

    private static DnsQuery parsed(byte[] query) {
        try {
            return DnsQuery.parse(query);
        } catch (DnsQuery.Malformed impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static byte[] extended(byte[] query, int size) {
        byte[] bytes = Arrays.copyOf(query, query.length + 11);
        ByteBuffer.wrap(bytes)
                .putShort(10, (short) 1)
                .position(query.length)
                .put((byte) 0)
                .putShort((short) RecordType.OPT)
                .putShort((short) size);
        return bytes;
    }

    private static DnsSnapshot snapshot() {
        Service alias = new ServiceBuilder(service("alias", "", "TCP", 80))
                .editSpec()
                .withType("ExternalName")
                .withExternalName("example.org")
                .endSpec()
                .build();
        Endpoint[] endpoints = IntStream.rangeClosed(1, 100)
                .mapToObj(i -> ready("10.0.0." + i))
                .toArray(Endpoint[]::new);
        return new DnsSnapshot(
                "cluster.local",
                List.of(Cidr.parse("10.0.0.0/24")),
                ServiceReader.read(
                        List.of(service("web", "10.128.0.9", "TCP", 80), service("many", "None", "TCP", 80), alias),
                        List.of(slice("many", "TCP", 80, endpoints))));
    }
}
