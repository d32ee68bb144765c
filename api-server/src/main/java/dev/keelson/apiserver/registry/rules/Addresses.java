package dev.keelson.apiserver.registry.rules;

import java.math.BigInteger;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * IP addresses and ranges as text, read without ever asking a name server. Numbers may begin with zeros and are decimal
 * all the same, as in {@code netutils.ParseIPSloppy}, by which Kubernetes reads every address of its objects; what is
 * against that, {@link Netip} says.
 */
public final class Addresses {
    public static final String IP_WORDS = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
    public static final String CIDR_WORDS = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";

    private static final Pattern IPV4 =
            Pattern.compile("(?:0*(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\\.(?!$)|$)){4}");

    /** Zeros before another digit, in a number that ends at a dot or with the text. */
    private static final Pattern LEADING_ZEROS = Pattern.compile("(?<![0-9a-fA-F])0+(?=[0-9]+(?:\\.|$))");

    private Addresses() {}

    /** The address family of a text. */
    public enum Family {
        IPV4("IPv4", 32),
        IPV6("IPv6", 128);

        private final String word;
        private final int bits;

        Family(String word, int bits) {
            this.word = word;
            this.bits = bits;
        }

        public String word() {
            return word;
        }
    }

    public static Optional<Family> familyOf(String text) {
        if (text.length() > 45) {
            return Optional.empty();
        }
        if (IPV4.matcher(text).matches()) {
            return Optional.of(Family.IPV4);
        }
        return isIpv6(text) ? Optional.of(Family.IPV6) : Optional.empty();
    }

    public static boolean isIp(String text) {
        return familyOf(text).isPresent();
    }

    public static boolean isCidr(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return false;
        }
        String length = text.substring(slash + 1);
        return length.matches("0{0,9}[0-9]{1,3}")
                && familyOf(text.substring(0, slash))
                        .filter(family -> Integer.parseInt(length) <= family.bits)
                        .isPresent();
    }

    /** Whether a valid range lies in another one and is smaller. */
    public static boolean isStrictlyWithin(String inner, String outer) {
        String[] small = inner.split("/");
        String[] large = outer.split("/");
        int length = Integer.parseInt(large[1]);
        if (!familyOf(small[0]).equals(familyOf(large[0])) || Integer.parseInt(small[1]) <= length) {
            return false;
        }
        return prefix(small[0], length).equals(prefix(large[0], length));
    }

    /** A valid address as what it stands for; it is never looked up. */
    static InetAddress parse(String address) {
        return InetAddress.ofLiteral(decimal(address));
    }

    /** A valid IPv4 address without zeros at the begin of its numbers, which some readers take for octal ones. */
    public static String decimal(String address) {
        return address.indexOf('.') < 0
                ? address
                : LEADING_ZEROS.matcher(address).replaceAll("");
    }

    private static BigInteger prefix(String address, int bits) {
        byte[] bytes = parse(address).getAddress();
        return new BigInteger(1, bytes).shiftRight(bytes.length * 8 - bits);
    }

    /** How RFC 5952 spells an IPv6 address or range; empty for everything else. */
    public static Optional<String> canonicalIpv6(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        String length = slash < 0 ? "" : text.substring(slash);
        return isIpv6(address) ? Optional.of(canonical(address) + length) : Optional.empty();
    }

    private static String canonical(String address) {
        if (!(parse(address) instanceof Inet6Address parsed)) {
            // Java takes an IPv4 address in IPv6 clothes for what it is.
            return "::ffff:" + parse(address).getHostAddress();
        }
        byte[] bytes = parsed.getAddress();
        int[] groups = new int[8];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = (bytes[2 * i] & 0xff) << 8 | bytes[2 * i + 1] & 0xff;
        }
        int[] gap = longestZeros(groups);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < groups.length; i++) {
            if (i == gap[0]) {
                out.append("::");
                i += gap[1] - 1;
            } else {
                out.append(out.isEmpty() || out.charAt(out.length() - 1) == ':' ? "" : ":")
                        .append(Integer.toHexString(groups[i]));
            }
        }
        return out.toString();
    }

    /** Where the first longest run of two or more zeros starts, and how long it is. */
    private static int[] longestZeros(int[] groups) {
        int[] best = {-1, 1};
        for (int start = 0; start < groups.length; start++) {
            int end = start;
            while (end < groups.length && groups[end] == 0) {
                end++;
            }
            if (end - start > best[1]) {
                best = new int[] {start, end - start};
            }
        }
        return best;
    }

    private static boolean isIpv6(String text) {
        int gap = text.indexOf("::");
        if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
            return false;
        }
        if (gap < 0) {
            return groups(text) == 8;
        }
        int before = groups(text.substring(0, gap));
        int after = groups(text.substring(gap + 2));
        return before >= 0 && after >= 0 && before + after <= 7;
    }

    /** Number of 16-bit groups, an IPv4 tail counting two; negative when one is malformed. */
    private static int groups(String text) {
        if (text.isEmpty()) {
            return 0;
        }
        String[] parts = text.split(":", -1);
        int count = 0;
        for (int i = 0; i < parts.length; i++) {
            if (i == parts.length - 1 && IPV4.matcher(parts[i]).matches()) {
                count += 2;
            } else if (parts[i].matches("[0-9a-fA-F]{1,4}")) {
                count++;
            } else {
                return -100;
            }
        }
        return count;
    }
}
