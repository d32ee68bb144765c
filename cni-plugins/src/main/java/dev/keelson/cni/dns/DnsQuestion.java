package dev.keelson.cni.dns;

import java.util.Locale;

/**
 * What is asked.
 *
 * @param name in lower case, without the dot at the end; empty for the root
 * @param type number of the record type
 */
public record DnsQuestion(String name, int type) {
    public DnsQuestion {
        name = name.toLowerCase(Locale.ROOT);
    }

    boolean asks(int wanted) {
        return type == wanted || type == RecordType.ANY;
    }
}
