package dev.keelson.cni.dns;

/** The record types that matter here, by their number (RFC 1035, 2782, 3596, 6891). */
final class RecordType {
    static final int A = 1;
    static final int CNAME = 5;
    static final int SOA = 6;
    static final int PTR = 12;
    static final int TXT = 16;
    static final int AAAA = 28;
    static final int SRV = 33;
    static final int OPT = 41;
    static final int IXFR = 251;
    static final int AXFR = 252;
    static final int ANY = 255;

    private RecordType() {}
}
