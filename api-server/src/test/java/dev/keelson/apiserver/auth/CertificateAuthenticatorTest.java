package dev.keelson.apiserver.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.apiserver.auth.CertificateAuthenticator.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.junit.jupiter.api.Test;

class CertificateAuthenticatorTest {
    private static final byte[] CERTIFICATE = "abc".getBytes(StandardCharsets.US_ASCII);
    private static final ASN1ObjectIdentifier UID = new ASN1ObjectIdentifier("1.3.6.1.4.1.57683.2");

    @Test
    void theCertificateNamesUserAndGroups() {
        User admin = known(subject("CN=kubernetes-admin,O=system:masters,O=dev"));
        assertThat(admin.name()).isEqualTo("kubernetes-admin");
        assertThat(admin.uid()).isEmpty();
        assertThat(admin.groups()).containsExactlyInAnyOrder("system:masters", "dev", "system:authenticated");
        assertThat(known(subject("CN=a\\,O\\=system:masters")).in(User.MASTERS)).isFalse();
        assertThat(known(subject("CN=a+O=b")).groups()).contains("b");
        assertThat(subject("O=system:masters")).isEqualTo(new Verdict.Nobody());
        assertThat(subject("CN=")).isEqualTo(new Verdict.Nobody());
    }

    @Test
    void whichCertificateItWasIsSaid() {
        assertThat(known(subject("CN=a")).extra())
                .containsExactly(Map.entry(
                        "authentication.kubernetes.io/credential-id",
                        List.of("X509SHA256=ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")));
    }

    @Test
    void theUidIsOneText() throws IOException {
        assertThat(known(withUids(new DERUTF8String("7,é"))).uid()).isEqualTo("7,é");
        assertThat(withUids(new DERUTF8String("1"), new DERUTF8String("2")))
                .isEqualTo(new Verdict.Refused("expected 1 UID, but found multiple: [1, 2]"));
        assertThat(withUids(new DERUTF8String(""))).isInstanceOf(Verdict.Refused.class);
        assertThat(withUids(new ASN1Integer(7))).isInstanceOf(Verdict.Refused.class);
    }

    private static Verdict withUids(ASN1Encodable... uids) throws IOException {
        X500NameBuilder name = new X500NameBuilder().addRDN(BCStyle.CN, "a");
        for (ASN1Encodable uid : uids) {
            name.addRDN(UID, uid);
        }
        return CertificateAuthenticator.user(new X500Principal(name.build().getEncoded()), CERTIFICATE, Instant.EPOCH);
    }

    private static Verdict subject(String name) {
        return CertificateAuthenticator.user(new X500Principal(name), CERTIFICATE, Instant.EPOCH);
    }

    private static User known(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Known.class);
        return ((Verdict.Known) verdict).user();
    }
}
