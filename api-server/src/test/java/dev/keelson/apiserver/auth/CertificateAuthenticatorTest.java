package dev.keelson.apiserver.auth;

import static org.assertj.core.api.Assertions.assertThat;

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
}
