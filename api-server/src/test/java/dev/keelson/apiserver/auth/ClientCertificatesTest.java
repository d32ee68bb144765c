package dev.keelson.apiserver.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.apiserver.auth.CertificateAuthenticator.Verdict;
import dev.keelson.apiserver.auth.Certified.Wanted;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.net.ssl.SSLSession;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which certificates are believed, and until when. */
class ClientCertificatesTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Duration HOUR = Duration.ofHours(1);

    private static final Certified ROOT = Certified.selfSigned(Wanted.authority("CN=root", NOW));
    private static final Certified BETWEEN = ROOT.issue(Wanted.authority("CN=between", NOW));
    private static final Certified LOWER = BETWEEN.issue(Wanted.authority("CN=lower", NOW));
    private static final Certified STRANGER = Certified.selfSigned(Wanted.authority("CN=stranger", NOW));
    private static final Certified NAMESAKE = Certified.selfSigned(Wanted.authority("CN=root", NOW));
    private static final Certified OLD =
            Certified.selfSigned(Wanted.authority("CN=old", NOW).valid(NOW.minus(Duration.ofDays(9)), NOW.minus(HOUR)));
    private static final Certified CLASSIC = Certified.selfSigned(Wanted.authority("CN=classic", NOW)
            .keys(Certified.keys("RSA", 2048))
            .signature("SHA1withRSA"));
    private static final Certified FOR_SERVERS =
            ROOT.issue(Wanted.authority("CN=for-servers", NOW).usedFor(KeyPurposeId.id_kp_serverAuth));
    private static final Certified OTHER = ROOT.issue(Wanted.client("CN=other", NOW));
    private static final Certified PINNED = STRANGER.issue(client());

    private static final ClientAuthority BELIEVED = authority(ROOT, OLD, CLASSIC, PINNED);

    private Instant now = NOW;
    private final AtomicReference<ClientAuthority> authorities = new AtomicReference<>(BELIEVED);
    private final CertificateAuthenticator authenticator = new CertificateAuthenticator(authorities::get, () -> now);

    /** @param why a part of the reason; empty if it is believed */
    record Row(String what, String why, Certified... shown) {
        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Row> rows() {
        return Stream.of(
                new Row("valid", "", ROOT.issue(client())),
                new Row("valid, and the root is sent too", "", ROOT.issue(client()), ROOT),
                new Row("for anything", "", ROOT.issue(client().usedFor())),
                new Row("for any extended usage", "", ROOT.issue(client().usedFor(KeyPurposeId.anyExtendedKeyUsage))),
                new Row("expired", "it expired at", ROOT.issue(client().valid(NOW.minus(HOUR), NOW.minusSeconds(1)))),
                new Row("in its last second", "", ROOT.issue(client().valid(NOW.minus(HOUR), NOW))),
                new Row(
                        "not yet valid",
                        "it is not valid before",
                        ROOT.issue(client().valid(NOW.plusSeconds(1), NOW.plus(HOUR)))),
                new Row("of another authority", "does not chain", STRANGER.issue(client())),
                new Row(
                        "of another authority, which is sent too",
                        "does not chain",
                        STRANGER.issue(client()),
                        STRANGER),
                new Row("of another authority with the same name", "signature", NAMESAKE.issue(client())),
                new Row("signed by itself", "does not chain", Certified.selfSigned(Wanted.client("CN=self", NOW))),
                new Row("of an authority that expired", "does not chain", OLD.issue(client())),
                new Row("for servers", "not for clients", ROOT.issue(client().usedFor(KeyPurposeId.id_kp_serverAuth))),
                new Row("through an authority between", "", BETWEEN.issue(client()), BETWEEN),
                new Row("through two", "", LOWER.issue(client()), LOWER, BETWEEN),
                new Row(
                        "through two in another order, and a stranger",
                        "",
                        LOWER.issue(client()),
                        STRANGER,
                        BETWEEN,
                        LOWER),
                new Row("without the authority between", "does not chain", BETWEEN.issue(client())),
                new Row("through an authority for servers", "does not chain", FOR_SERVERS.issue(client()), FOR_SERVERS),
                new Row("through another client", "CA", OTHER.issue(client()), OTHER),
                new Row("a client that is named as such", "", PINNED),
                new Row("through a client that is named as such", "does not chain", PINNED.issue(client())),
                new Row("classic", "", CLASSIC.issue(client().signature("SHA256withRSA"))),
                new Row("over SHA-1", "SHA-1", CLASSIC.issue(client().signature("SHA1withRSA"))),
                new Row("over MD5", "MD5", CLASSIC.issue(client().signature("MD5withRSA"))),
                new Row("a short key", "", ROOT.issue(client().keys(Certified.keys("RSA", 1024)))),
                new Row("too short a key", "1023", ROOT.issue(client().keys(Certified.keys("RSA", 1023)))),
                new Row("P-521", "", ROOT.issue(client().keys(Certified.elliptic("secp521r1")))),
                new Row("Ed25519", "", ROOT.issue(client().keys(Certified.keys("Ed25519", 255)))),
                new Row("Ed448", "", ROOT.issue(client().keys(Certified.keys("Ed448", 448)))));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void aChainIsBelievedOrNot(Row row) {
        Verdict verdict = authenticator.authenticate(showing(row.shown()).session());
        if (row.why().isEmpty()) {
            assertThat(verdict).isInstanceOfSatisfying(Verdict.Known.class, known -> assertThat(
                            known.user().name())
                    .isEqualTo("alice"));
        } else {
            assertThat(verdict).isInstanceOfSatisfying(Verdict.Refused.class, refused -> assertThat(refused.why())
                    .contains(row.why()));
        }
    }

    @Test
    void whoShowsNothingIsNobody() {
        assertThat(authenticator.authenticate(showing().session())).isEqualTo(new Verdict.Nobody());
    }

    @Test
    void whoIsNamedInACertificateThatIsNotBelievedIsNotEvenNobody() {
        Certified nameless = STRANGER.issue(Wanted.client("O=dev", NOW));
        assertThat(authenticator.authenticate(showing(nameless).session())).isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void aCertificateExpiresOnAnOpenConnection() {
        SSLSession session = showing(ROOT.issue(client().valid(NOW.plusSeconds(10), NOW.plusSeconds(20))))
                .session();
        assertThat(authenticator.authenticate(session)).isInstanceOf(Verdict.Refused.class);
        now = NOW.plusSeconds(10);
        assertThat(authenticator.authenticate(session)).isInstanceOf(Verdict.Known.class);
        now = NOW.plusSeconds(20);
        assertThat(authenticator.authenticate(session)).isInstanceOf(Verdict.Known.class);
        now = NOW.plusSeconds(20).plusMillis(1);
        assertThat(authenticator.authenticate(session)).isInstanceOf(Verdict.Refused.class);
        // A clock that is set back.
        now = NOW.plusSeconds(15);
        assertThat(authenticator.authenticate(session)).isInstanceOf(Verdict.Known.class);
    }

    @Test
    void anAuthorityBetweenExpiresOnAnOpenConnection() {
        Certified between = ROOT.issue(Wanted.authority("CN=short", NOW).valid(NOW.minus(HOUR), NOW.plusSeconds(20)));
        SSLSession session = showing(between.issue(client()), between).session();
        assertThat(authenticator.authenticate(session)).isInstanceOf(Verdict.Known.class);
        now = NOW.plusSeconds(21);
        assertThat(authenticator.authenticate(session)).isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void aReplacedAuthorityCountsOnOpenConnections() {
        SSLSession session = showing(STRANGER.issue(client())).session();
        assertThat(authenticator.authenticate(session)).isInstanceOf(Verdict.Refused.class);
        authorities.set(authority(ROOT, STRANGER));
        assertThat(authenticator.authenticate(session)).isInstanceOf(Verdict.Known.class);
        authorities.set(authority(ROOT));
        assertThat(authenticator.authenticate(session)).isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void anAuthorityThatWasRenewedWithItsKeyIsStillTheSame() {
        Certified renewed = Certified.selfSigned(
                Wanted.authority("CN=old", NOW).keys(OLD.keys()).valid(NOW.minus(HOUR), NOW.plus(HOUR)));
        authorities.set(authority(OLD, renewed));
        assertThat(authenticator.authenticate(showing(OLD.issue(client())).session()))
                .isInstanceOf(Verdict.Known.class);
    }

    @Test
    void aSessionIsVerifiedOnce() {
        for (Certified shown : List.of(ROOT.issue(client()), STRANGER.issue(client()))) {
            ShownCertificates certificates = showing(shown);
            SSLSession session = certificates.session();
            Verdict first = authenticator.authenticate(session);
            now = NOW.plusSeconds(60);
            assertThat(authenticator.authenticate(session)).isSameAs(first);
            assertThat(certificates.readings()).isOne();
        }
    }

    private static Wanted client() {
        return Wanted.client("CN=alice,O=dev", NOW);
    }

    private static ClientAuthority authority(Certified... authorities) {
        return new ClientAuthority(
                Stream.of(authorities).map(Certified::certificate).toList());
    }

    private static ShownCertificates showing(Certified... chain) {
        List<X509Certificate> certificates =
                Stream.of(chain).map(Certified::certificate).toList();
        return new ShownCertificates(certificates);
    }
}
