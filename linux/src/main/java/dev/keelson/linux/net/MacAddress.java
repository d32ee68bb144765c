package dev.keelson.linux.net;

import java.util.HexFormat;

/** A hardware address. @param bits its 48 bits, first octet on top */
public record MacAddress(long bits) {
    private static final HexFormat OCTETS = HexFormat.ofDelimiter(":");

    /** A locally administered address made from an IPv4 address: {@code 0a:58} and its four octets. */
    public static MacAddress derivedFrom(Ipv4 address) {
        return new MacAddress(0x0a58_0000_0000L | Integer.toUnsignedLong(address.bits()));
    }

    public static MacAddress of(byte[] bytes) {
        long bits = 0;
        for (byte octet : bytes) {
            bits = bits << 8 | octet & 0xff;
        }
        return new MacAddress(bits);
    }

    public byte[] bytes() {
        byte[] bytes = new byte[6];
        for (int i = 0; i < 6; i++) {
            bytes[i] = (byte) (bits >>> 8 * (5 - i));
        }
        return bytes;
    }

    @Override
    public String toString() {
        return OCTETS.formatHex(bytes());
    }
}
