package dev.keelson.cni.dns;

import java.util.List;

/** An answer of the cluster's own zones. */
public record DnsReply(Code code, List<DnsRecord> answers, List<DnsRecord> authority, List<DnsRecord> additional) {

    /** Response codes (RFC 1035, 4.1.1). */
    public enum Code {
        NO_ERROR(0),
        FORMAT_ERROR(1),
        SERVER_FAILURE(2),
        NO_SUCH_NAME(3),
        NOT_IMPLEMENTED(4),
        REFUSED(5);

        private final int number;

        Code(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }
    }

    public DnsReply {
        answers = List.copyOf(answers);
        authority = List.copyOf(authority);
        additional = List.copyOf(additional);
    }

    static DnsReply of(List<? extends DnsRecord> answers) {
        return new DnsReply(Code.NO_ERROR, List.copyOf(answers), List.of(), List.of());
    }

    static DnsReply failure(Code code) {
        return new DnsReply(code, List.of(), List.of(), List.of());
    }
}
