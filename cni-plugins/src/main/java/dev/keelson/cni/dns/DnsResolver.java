package dev.keelson.cni.dns;

import dev.keelson.cni.dns.DnsReply.Code;
import dev.keelson.cni.dns.Resolution.Alias;
import dev.keelson.cni.dns.Resolution.Answered;
import dev.keelson.cni.dns.Resolution.NotOurs;
import dev.keelson.cni.service.ServiceName;
import dev.keelson.cni.service.ServiceView;
import dev.keelson.linux.net.Ipv4;
import java.util.List;
import java.util.Optional;

/**
 * Answers questions about the cluster's names (Kubernetes DNS-based service discovery, version 1.1.0). Pure.
 *
 * <p>A name that exists without a record of the wanted type is answered with no records; a name that does not exist
 * with "no such name". The difference matters: some resolvers give up a name altogether on the latter.
 */
public final class DnsResolver {
    private static final String REVERSE_SUFFIX = ".in-addr.arpa";
    private static final String SCHEMA_VERSION = "1.1.0";

    private final DnsQuestion question;
    private final DnsSnapshot snapshot;

    private DnsResolver(DnsQuestion question, DnsSnapshot snapshot) {
        this.question = question;
        this.snapshot = snapshot;
    }

    public static Resolution answer(DnsQuestion question, DnsSnapshot snapshot) {
        DnsResolver resolver = new DnsResolver(question, snapshot);
        if (question.name().equals(snapshot.domain()) || question.name().endsWith("." + snapshot.domain())) {
            return resolver.inDomain();
        }
        if (question.name().endsWith(REVERSE_SUFFIX)) {
            return resolver.reverse();
        }
        return new NotOurs();
    }

    private Resolution inDomain() {
        if (question.type() == RecordType.AXFR || question.type() == RecordType.IXFR) {
            return new Answered(DnsReply.failure(Code.REFUSED));
        }
        if (question.name().equals(snapshot.domain())) {
            return question.asks(RecordType.SOA) ? found(List.of(soa())) : noData();
        }
        String below = question.name()
                .substring(0, question.name().length() - snapshot.domain().length() - 1);
        List<String> labels = List.of(below.split("\\.", -1));
        List<String> rest = labels.subList(0, labels.size() - 1);
        return switch (labels.getLast()) {
            case "svc" -> service(rest);
            case "pod" -> pod(rest);
            case "dns-version" -> rest.isEmpty() ? version() : noSuchName();
            default -> noSuchName();
        };
    }

    private Resolution version() {
        return question.asks(RecordType.TXT)
                ? found(List.of(new DnsRecord.Txt(question.name(), SCHEMA_VERSION)))
                : noData();
    }

    /** @param labels what stands before {@code svc}: ever more exact from the right, namespace first */
    private Resolution service(List<String> labels) {
        int count = labels.size();
        if (count == 0) {
            return noData();
        }
        if (count == 1) {
            boolean known = snapshot.services().services().keySet().stream()
                    .anyMatch(name -> name.namespace().equals(labels.getFirst()));
            return known ? noData() : noSuchName();
        }
        ServiceName name = new ServiceName(labels.get(count - 1), labels.get(count - 2));
        Optional<ServiceView> service = snapshot.services().service(name);
        if (service.isEmpty() || count > 4) {
            return noSuchName();
        }
        if (service.get().externalName().isPresent()) {
            String target = service.get().externalName().get();
            return count == 2 ? new Alias(new DnsRecord.Cname(question.name(), target)) : noSuchName();
        }
        ServiceRecords records = new ServiceRecords(question, snapshot, service.get());
        return switch (count) {
            case 2 -> answered(true, records.ofService());
            case 3 -> belowService(records, labels.getFirst());
            default ->
                answered(records.hasPort(labels.get(0), labels.get(1)), records.ofPort(labels.get(0), labels.get(1)));
        };
    }

    private Resolution belowService(ServiceRecords records, String label) {
        if (label.startsWith("_")) {
            return records.hasProtocol(label) ? noData() : noSuchName();
        }
        return answered(records.hasEndpoint(label), records.ofEndpoint(label));
    }

    /** Names of pods say their address themselves: {@code 10-0-0-2.default.pod}. */
    private Resolution pod(List<String> labels) {
        if (labels.size() < 2) {
            return noData();
        }
        String address = labels.getFirst().replace('-', '.');
        if (labels.size() > 2 || !Ipv4.isIpv4(address)) {
            return noSuchName();
        }
        return question.asks(RecordType.A)
                ? found(List.of(new DnsRecord.A(question.name(), Ipv4.parse(address))))
                : noData();
    }

    private Resolution reverse() {
        String[] octets = question.name()
                .substring(0, question.name().length() - REVERSE_SUFFIX.length())
                .split("\\.");
        if (octets.length != 4) {
            return new NotOurs();
        }
        String text = "%s.%s.%s.%s".formatted(octets[3], octets[2], octets[1], octets[0]);
        if (!Ipv4.isIpv4(text)) {
            return new NotOurs();
        }
        Ipv4 address = Ipv4.parse(text);
        List<String> names = ReverseNames.of(address, snapshot);
        if (names.isEmpty()) {
            boolean ours = snapshot.ranges().stream().anyMatch(range -> range.contains(address));
            return ours ? noSuchName() : new NotOurs();
        }
        return question.asks(RecordType.PTR)
                ? found(names.stream()
                        .map(name -> new DnsRecord.Ptr(question.name(), name))
                        .toList())
                : noData();
    }

    private Resolution answered(boolean exists, DnsReply reply) {
        if (!exists) {
            return noSuchName();
        }
        return reply.answers().isEmpty() ? noData() : new Answered(reply);
    }

    private static Resolution found(List<? extends DnsRecord> answers) {
        return new Answered(DnsReply.of(answers));
    }

    private Resolution noData() {
        return new Answered(new DnsReply(Code.NO_ERROR, List.of(), List.of(soa()), List.of()));
    }

    private Resolution noSuchName() {
        return new Answered(new DnsReply(Code.NO_SUCH_NAME, List.of(), List.of(soa()), List.of()));
    }

    private DnsRecord soa() {
        return new DnsRecord.Soa(snapshot.domain());
    }
}
