package dev.keelson.linux.net.nft;

/**
 * Where in a packet's way through the host a base chain stands (netfilter hooks and their conventional priorities).
 */
public enum Hook {
    RAW_PREROUTING("filter", 0, -300),
    NAT_PREROUTING("nat", 0, -100),
    NAT_OUTPUT("nat", 3, -100),
    NAT_POSTROUTING("nat", 4, 100),
    FILTER_INPUT("filter", 1, 0),
    FILTER_FORWARD("filter", 2, 0),
    FILTER_OUTPUT("filter", 3, 0);

    private final String type;
    private final int number;
    private final int priority;

    Hook(String type, int number, int priority) {
        this.type = type;
        this.number = number;
        this.priority = priority;
    }

    String type() {
        return type;
    }

    int number() {
        return number;
    }

    int priority() {
        return priority;
    }
}
