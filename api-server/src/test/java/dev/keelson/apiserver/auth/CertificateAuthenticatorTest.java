package dev.keelson.apiserver.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CertificateAuthenticatorTest {

    @Test
    void theCertificateNamesUserAndGroups() {
        assertThat(CertificateAuthenticator.user("CN=kubernetes-admin,O=system:masters,O=dev"))
                .hasValueSatisfying(user -> {
                    assertThat(user.name()).isEqualTo("kubernetes-admin");
                    assertThat(user.groups())
                            .containsExactlyInAnyOrder("system:masters", "dev", "system:authenticated");
                });
        assertThat(CertificateAuthenticator.user("CN=a\\,O\\=system:masters"))
                .hasValueSatisfying(user -> assertThat(user.in(User.MASTERS)).isFalse());
        assertThat(CertificateAuthenticator.user("O=system:masters")).isEmpty();
    }

    @Test
    void whichCertificateItWasIsSaid() {
        assertThat(CertificateAuthenticator.user("CN=a", "abc".getBytes(StandardCharsets.US_ASCII)))
                .hasValueSatisfying(
                        user -> assertThat(user.extra())
                                .containsExactly(
                                        Map.entry(
                                                "authentication.kubernetes.io/credential-id",
                                                List.of(
                                                        "X509SHA256=ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"))));
    }
}
