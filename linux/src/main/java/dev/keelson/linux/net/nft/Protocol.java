package dev.keelson.linux.net.nft;

/** Transport protocols by their IP protocol number. */
public enum Protocol {
    ICMP(1),
    TCP(6),
    UDP(17),
    SCTP(132);

    private final int number;

    Protocol(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
