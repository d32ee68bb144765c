package dev.keelson.cni.dns;

import dev.keelson.linux.net.Ipv4;

/** One resource record of class IN. Names are without the dot at the end. */
public sealed interface DnsRecord {
    String name();

    record A(String name, Ipv4 address) implements DnsRecord {}

    record Cname(String name, String target) implements DnsRecord {}

    record Ptr(String name, String target) implements DnsRecord {}

    /** @param target host that offers the service at {@code port} */
    record Srv(String name, int weight, int port, String target) implements DnsRecord {}

    record Txt(String name, String text) implements DnsRecord {}

    /** The start of a zone: says for how long a name that is not there may be remembered as absent. */
    record Soa(String name) implements DnsRecord {}
}
