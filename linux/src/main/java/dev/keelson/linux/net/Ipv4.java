package dev.keelson.linux.net;

import java.util.regex.Pattern;

/** An IPv4 address. Ordered as unsigned numbers. @param bits the address, most significant byte first */
public record Ipv4(int bits) implements Comparable<Ipv4> {
    private static final Pattern DOTTED = Pattern.compile("0*(\\d{1,3})\\.0*(\\d{1,3})\\.0*(\\d{1,3})\\.0*(\\d{1,3})");

    /**
     * Numbers are decimal, also those that begin with zeros, as Kubernetes reads them.
     *
     * @throws IllegalArgumentException when the text is not a dotted quad
     */
    public static Ipv4 parse(String text) {
        var matcher = DOTTED.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("\"%s\" is not an IPv4 address such as 10.0.0.1".formatted(text));
        }
        int bits = 0;
        for (int group = 1; group <= 4; group++) {
            int octet = Integer.parseInt(matcher.group(group));
            if (octet > 255) {
                throw new IllegalArgumentException("\"%s\": %d is above 255".formatted(text, octet));
            }
            bits = bits << 8 | octet;
        }
        return new Ipv4(bits);
    }

    public static boolean isIpv4(String text) {
        try {
            parse(text);
            return true;
        } catch (IllegalArgumentException notAnAddress) {
            return false;
        }
    }

    public static Ipv4 of(byte[] bytes) {
        return new Ipv4((bytes[0] & 0xff) << 24 | (bytes[1] & 0xff) << 16 | (bytes[2] & 0xff) << 8 | bytes[3] & 0xff);
    }

    public byte[] bytes() {
        return new byte[] {(byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits};
    }

    public Ipv4 plus(int offset) {
        return new Ipv4(bits + offset);
    }

    @Override
    public int compareTo(Ipv4 other) {
        return Integer.compareUnsigned(bits, other.bits);
    }

    @Override
    public String toString() {
        return (bits >>> 24) + "." + (bits >>> 16 & 0xff) + "." + (bits >>> 8 & 0xff) + "." + (bits & 0xff);
    }
}
