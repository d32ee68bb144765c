package dev.keelson.controllers.certificates;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;

/** Reads PKCS #10 requests (RFC 2986) as they stand in {@code spec.request}; nothing in them is trusted. */
final class RequestReader {

    private RequestReader() {}

    /** @param profile what the request asks for */
    record Parsed(PKCS10CertificationRequest request, Profile profile) {}

    /** Empty when it cannot be read, or when whoever wrote it does not hold the key. */
    static Optional<Parsed> read(String field, Set<String> usages, Duration lifetime) {
        try {
            String pem = new String(Base64.getMimeDecoder().decode(field), StandardCharsets.US_ASCII);
            if (!(new PEMParser(new StringReader(pem)).readObject() instanceof PKCS10CertificationRequest request)) {
                return Optional.empty();
            }
            boolean holdsKey = request.isSignatureValid(
                    new JcaContentVerifierProviderBuilder().build(request.getSubjectPublicKeyInfo()));
            return holdsKey ? Optional.of(new Parsed(request, profile(request, usages, lifetime))) : Optional.empty();
        } catch (IOException | PKCSException | OperatorCreationException | RuntimeException unreadable) {
            return Optional.empty();
        }
    }

    private static Profile profile(PKCS10CertificationRequest request, Set<String> usages, Duration lifetime) {
        List<String> names = new ArrayList<>();
        List<String> addresses = new ArrayList<>();
        List<String> others = new ArrayList<>();
        Extensions extensions = request.getRequestedExtensions();
        GeneralNames alternatives =
                extensions == null ? null : GeneralNames.fromExtensions(extensions, Extension.subjectAlternativeName);
        if (alternatives != null) {
            for (GeneralName name : alternatives.getNames()) {
                (switch (name.getTagNo()) {
                            case GeneralName.dNSName -> names;
                            case GeneralName.iPAddress -> addresses;
                            default -> others;
                        })
                        .add(name.getName().toString());
            }
        }
        List<String> common = values(request, BCStyle.CN);
        return new Profile(
                common.isEmpty() ? "" : common.getLast(),
                values(request, BCStyle.O),
                names,
                addresses,
                others,
                usages,
                lifetime);
    }

    private static List<String> values(PKCS10CertificationRequest request, ASN1ObjectIdentifier attribute) {
        List<String> values = new ArrayList<>();
        for (RDN part : request.getSubject().getRDNs(attribute)) {
            for (var typed : part.getTypesAndValues()) {
                if (typed.getType().equals(attribute)) {
                    values.add(IETFUtils.valueToString(typed.getValue()));
                }
            }
        }
        return values;
    }
}
