package dev.keelson.apiserver.custom.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;

/** {@code ip(text)}, {@code cidr(text)} and what can be asked of them. */
final class NetworkFunctions {
    private static final CelType IP = OpaqueType.create("net.IP");
    private static final CelType CIDR = OpaqueType.create("net.CIDR");

    private NetworkFunctions() {}

    static void addTo(KubernetesLibrary library) {
        library.global("ip", IP, SimpleType.STRING, String.class, CelIp::require);
        library.global("isIP", SimpleType.BOOL, SimpleType.STRING, String.class, text -> CelIp.parse(text)
                .isPresent());
        library.global("ip.isCanonical", SimpleType.BOOL, SimpleType.STRING, String.class, text -> CelIp.require(text)
                .toString()
                .equals(text));
        library.global("string", SimpleType.STRING, IP, CelIp.class, CelIp::toString);
        library.member("family", SimpleType.INT, IP, CelIp.class, CelIp::family);
        library.member("isUnspecified", SimpleType.BOOL, IP, CelIp.class, ip -> ip.address()
                .isAnyLocalAddress());
        library.member("isLoopback", SimpleType.BOOL, IP, CelIp.class, ip -> ip.address()
                .isLoopbackAddress());
        library.member("isLinkLocalMulticast", SimpleType.BOOL, IP, CelIp.class, CelIp::isLinkLocalMulticast);
        library.member("isLinkLocalUnicast", SimpleType.BOOL, IP, CelIp.class, ip -> ip.address()
                .isLinkLocalAddress());
        library.member("isGlobalUnicast", SimpleType.BOOL, IP, CelIp.class, CelIp::isGlobalUnicast);

        library.global("cidr", CIDR, SimpleType.STRING, String.class, CelCidr::require);
        library.global("isCIDR", SimpleType.BOOL, SimpleType.STRING, String.class, text -> CelCidr.parse(text)
                .isPresent());
        library.global("string", SimpleType.STRING, CIDR, CelCidr.class, CelCidr::toString);
        library.member("containsIP", SimpleType.BOOL, CIDR, CelCidr.class, IP, CelIp.class, CelCidr::contains);
        library.member(
                "containsIP",
                SimpleType.BOOL,
                CIDR,
                CelCidr.class,
                SimpleType.STRING,
                String.class,
                (range, text) -> range.contains(CelIp.require(text)));
        library.member("containsCIDR", SimpleType.BOOL, CIDR, CelCidr.class, CIDR, CelCidr.class, CelCidr::contains);
        library.member(
                "containsCIDR",
                SimpleType.BOOL,
                CIDR,
                CelCidr.class,
                SimpleType.STRING,
                String.class,
                (range, text) -> range.contains(CelCidr.require(text)));
        library.member("ip", IP, CIDR, CelCidr.class, CelCidr::ip);
        library.member("masked", CIDR, CIDR, CelCidr.class, CelCidr::masked);
        library.member("prefixLength", SimpleType.INT, CIDR, CelCidr.class, range -> (long) range.length());
    }
}
