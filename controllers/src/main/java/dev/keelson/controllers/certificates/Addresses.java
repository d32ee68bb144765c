package dev.keelson.controllers.certificates;

import java.util.HexFormat;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x509.GeneralName;

/** Addresses of a request, which are octets; their printed form is {@code #} and hexadecimal digits. */
final class Addresses {
    private Addresses() {}

    static GeneralName general(String printed) {
        return new GeneralName(
                GeneralName.iPAddress, new DEROctetString(HexFormat.of().parseHex(printed.substring(1))));
    }
}
