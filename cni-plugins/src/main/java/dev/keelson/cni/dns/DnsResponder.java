package dev.keelson.cni.dns;

import dev.keelson.cni.dns.DnsReply.Code;
import dev.keelson.cni.dns.Upstream.Transport;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Turns a query message into an answer message. Blocks only for names that are not the cluster's. */
final class DnsResponder {
    private static final int FLAG_RECURSION_DESIRED = 0x0100;
    private static final int MOST_ALIASES = 8;

    private final Upstream upstream;
    private volatile DnsSnapshot snapshot;

    DnsResponder(DnsSnapshot snapshot, Upstream upstream) {
        this.snapshot = snapshot;
        this.upstream = upstream;
    }

    void use(DnsSnapshot current) {
        this.snapshot = current;
    }

    DnsSnapshot snapshot() {
        return snapshot;
    }

    /** Whether the answer may have to be waited for. Never fails: what cannot be read needs no waiting. */
    boolean mayBlock(byte[] message) {
        try {
            return !(DnsResolver.answer(DnsQuery.parse(message).question(), snapshot) instanceof Resolution.Answered);
        } catch (DnsQuery.Malformed malformed) {
            return false;
        }
    }

    /** The answer; empty when the message deserves none. */
    Optional<byte[]> respond(byte[] message, Transport transport) {
        try {
            return Optional.of(respond(DnsQuery.parse(message), message, transport));
        } catch (DnsQuery.Malformed malformed) {
            return malformed.code().map(code -> DnsWriter.failure(message, code));
        }
    }

    private byte[] respond(DnsQuery query, byte[] message, Transport transport) {
        return switch (DnsResolver.answer(query.question(), snapshot)) {
            case Resolution.Answered(DnsReply reply) -> write(query, rotated(reply, query.id()), transport);
            case Resolution.Alias(DnsRecord.Cname alias) -> follow(query, alias, transport);
            case Resolution.NotOurs notOurs ->
                upstream.ask(message, transport)
                        .orElseGet(() -> write(query, DnsReply.failure(Code.SERVER_FAILURE), transport));
        };
    }

    /** Stub resolvers do not follow aliases, so the answer has the whole chain down to the addresses. */
    private byte[] follow(DnsQuery query, DnsRecord.Cname first, Transport transport) {
        List<DnsRecord> chain = new ArrayList<>();
        DnsRecord.Cname alias = first;
        while (chain.size() < MOST_ALIASES) {
            chain.add(alias);
            DnsQuestion next = new DnsQuestion(alias.target(), query.question().type());
            switch (DnsResolver.answer(next, snapshot)) {
                case Resolution.Answered(DnsReply reply) -> {
                    chain.addAll(reply.answers());
                    DnsReply whole = new DnsReply(reply.code(), chain, reply.authority(), reply.additional());
                    return write(query, whole, transport);
                }
                case Resolution.Alias(DnsRecord.Cname further) -> alias = further;
                case Resolution.NotOurs notOurs -> {
                    chain.addAll(outside(query, next));
                    return write(query, DnsReply.of(chain), transport);
                }
            }
        }
        return write(query, DnsReply.failure(Code.SERVER_FAILURE), transport);
    }

    /** Addresses of a name outside. */
    private List<DnsRecord> outside(DnsQuery query, DnsQuestion question) {
        if (!question.asks(RecordType.A)) {
            return List.of();
        }
        byte[] message = DnsAnswers.question(query.id(), question.name(), RecordType.A, FLAG_RECURSION_DESIRED);
        return upstream.ask(message, Transport.UDP)
                .map(answer -> DnsAnswers.addresses(answer, question.name()))
                .orElse(List.of());
    }

    /** Different clients get different orders, so that the first of many addresses is not everybody's choice. */
    private static DnsReply rotated(DnsReply reply, int by) {
        if (reply.answers().size() < 2) {
            return reply;
        }
        List<DnsRecord> answers = new ArrayList<>(reply.answers());
        Collections.rotate(answers, by % answers.size());
        return new DnsReply(reply.code(), answers, reply.authority(), reply.additional());
    }

    private static byte[] write(DnsQuery query, DnsReply reply, Transport transport) {
        int limit = transport == Transport.UDP ? DnsWriter.udpLimit(query) : DnsWriter.TCP_AT_MOST;
        return DnsWriter.write(query, reply, limit);
    }
}
