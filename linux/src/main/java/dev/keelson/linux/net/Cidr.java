package dev.keelson.linux.net;

/** A range of IPv4 addresses. @param prefix how many leading bits all its addresses share, 0 to 32 */
public record Cidr(Ipv4 base, int prefix) {
    public static final Cidr EVERYTHING = new Cidr(new Ipv4(0), 0);

    public Cidr {
        if (prefix < 0 || prefix > 32) {
            throw new IllegalArgumentException("/%d is not a prefix length from 0 to 32".formatted(prefix));
        }
        base = new Ipv4(base.bits() & mask(prefix));
    }

    /** Reads {@code 10.1.0.0/16}; bits behind the prefix are cleared. */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !text.substring(slash + 1).matches("\\d{1,2}")) {
            throw new IllegalArgumentException("\"%s\" is not a range such as 10.0.0.0/16".formatted(text));
        }
        return new Cidr(Ipv4.parse(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
    }

    public static Cidr host(Ipv4 address) {
        return new Cidr(address, 32);
    }

    public boolean contains(Ipv4 address) {
        return (address.bits() & mask(prefix)) == base.bits();
    }

    public boolean overlaps(Cidr other) {
        return contains(other.base) || other.contains(base);
    }

    /** How many addresses the range has. */
    public long size() {
        return 1L << (32 - prefix);
    }

    public Ipv4 maskAddress() {
        return new Ipv4(mask(prefix));
    }

    private static int mask(int prefix) {
        return prefix == 0 ? 0 : -1 << (32 - prefix);
    }

    @Override
    public String toString() {
        return base + "/" + prefix;
    }
}
