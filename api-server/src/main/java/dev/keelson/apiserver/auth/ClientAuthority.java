package dev.keelson.apiserver.auth;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;

/**
 * Whose client certificates are believed, and for how long: RFC 5280, section 6, and what Kubernetes' x509 authenticator asks for
 * beside it. No certificate of a path is signed over SHA-1, and each, the authority's too, is valid and for clients or anything.
 */
public final class ClientAuthority {
    private static final List<String> FOR_CLIENTS = List.of("1.3.6.1.5.5.7.3.2", "2.5.29.37.0");
    /** Its place among the key usages (RFC 5280, section 4.2.1.3). */
    private static final int KEY_CERT_SIGN = 5;

    private final List<X509Certificate> authorities;

    /** @param authorities each of them signs certificates, or the authorities that sign them; or is a client itself */
    public ClientAuthority(Collection<X509Certificate> authorities) {
        this.authorities = List.copyOf(authorities);
    }

    /**
     * What was found of a chain.
     *
     * @param problem why it is not believed; empty if it is
     * @param from the first millisecond for which this holds
     * @param until the first one for which it need not hold any more
     */
    record Finding(Optional<String> problem, long from, long until) {}

    /**
     * Judges a chain as it is at one time. The finding holds until one of the certificates begins or ceases to be valid.
     *
     * @param shown the client's own certificate, and in any order what may lead from it to an authority
     */
    Finding judge(List<X509Certificate> shown, Instant now) {
        long[] changes = Stream.concat(shown.stream(), authorities.stream())
                .flatMapToLong(each -> LongStream.of(
                        each.getNotBefore().getTime(), each.getNotAfter().getTime() + 1))
                .toArray();
        long at = now.toEpochMilli();
        return new Finding(
                problem(shown, Date.from(now)),
                LongStream.of(changes).filter(change -> change <= at).max().orElse(Long.MIN_VALUE),
                LongStream.of(changes).filter(change -> change > at).min().orElse(Long.MAX_VALUE));
    }

    private Optional<String> problem(List<X509Certificate> shown, Date now) {
        X509Certificate own = shown.getFirst();
        Optional<String> unfit = unfit(own, now).or(() -> weak(own));
        if (unfit.isPresent() || authorities.contains(own)) {
            return unfit;
        }
        Set<TrustAnchor> anchors = authorities.stream()
                .filter(each -> signs(each) && unfit(each, now).isEmpty())
                .map(each -> new TrustAnchor(each, null))
                .collect(Collectors.toSet());
        if (anchors.isEmpty()) {
            return Optional.of("no authority may sign certificates of clients now");
        }
        List<X509Certificate> others = shown.stream()
                .skip(1)
                .filter(each -> unfit(each, now).or(() -> weak(each)).isEmpty())
                .toList();
        return unvouched(own, others, anchors, now);
    }

    /** A client that is believed by being named as an authority is none for others. */
    private static boolean signs(X509Certificate authority) {
        boolean[] usage = authority.getKeyUsage();
        // Certificates of old versions cannot say that they are authorities.
        return (authority.getVersion() < 3 || authority.getBasicConstraints() >= 0)
                && (usage == null || usage[KEY_CERT_SIGN]);
    }

    /**
     * Follows the names of the issuers, and asks at each step whether an authority vouches for the path so far. A path is
     * verified from the authority down: no key is used that the authority does not vouch for, and what a stranger shows costs a
     * search of names and one signature.
     */
    private static Optional<String> unvouched(
            X509Certificate own, List<X509Certificate> others, Set<TrustAnchor> anchors, Date now) {
        List<X509Certificate> left = new ArrayList<>(others);
        List<X509Certificate> path = new ArrayList<>(List.of(own));
        Optional<String> problem = unvouched(path, anchors, now);
        while (problem.isPresent()) {
            X500Principal issuer = path.getLast().getIssuerX500Principal();
            Optional<X509Certificate> next = left.stream()
                    .filter(each -> each.getSubjectX500Principal().equals(issuer))
                    .findFirst();
            if (next.isEmpty()) {
                return problem;
            }
            left.remove(next.get());
            path.add(next.get());
            problem = unvouched(path, anchors, now);
        }
        return problem;
    }

    private static Optional<String> unvouched(List<X509Certificate> path, Set<TrustAnchor> anchors, Date now) {
        try {
            PKIXParameters parameters = new PKIXParameters(anchors);
            parameters.setRevocationEnabled(false);
            parameters.setDate(now);
            CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
            return Optional.empty();
        } catch (CertPathValidatorException | CertificateException refused) {
            return Optional.of(String.valueOf(refused.getMessage()));
        } catch (GeneralSecurityException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    private static Optional<String> unfit(X509Certificate certificate, Date now) {
        if (now.before(certificate.getNotBefore())) {
            return Optional.of(
                    "it is not valid before " + certificate.getNotBefore().toInstant());
        }
        if (now.after(certificate.getNotAfter())) {
            return Optional.of("it expired at " + certificate.getNotAfter().toInstant());
        }
        try {
            // Without the extension a certificate is for anything.
            return Optional.ofNullable(certificate.getExtendedKeyUsage())
                    .filter(usages -> Collections.disjoint(usages, FOR_CLIENTS))
                    .map(usages -> "it is for %s, not for clients".formatted(usages));
        } catch (CertificateParsingException unreadable) {
            return Optional.of(unreadable.getMessage());
        }
    }

    private static Optional<String> weak(X509Certificate certificate) {
        return certificate.getSigAlgName().startsWith("SHA1")
                ? Optional.of("it is signed over SHA-1")
                : Optional.empty();
    }
}
