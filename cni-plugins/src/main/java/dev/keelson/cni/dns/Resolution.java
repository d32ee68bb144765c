package dev.keelson.cni.dns;

/** What the cluster's own zones have to say to a question. */
public sealed interface Resolution {

    record Answered(DnsReply reply) implements Resolution {}

    /** The name is another name for {@code alias.target()}, which has to be resolved too. */
    record Alias(DnsRecord.Cname alias) implements Resolution {}

    /** The name is in none of the cluster's zones. */
    record NotOurs() implements Resolution {}
}
