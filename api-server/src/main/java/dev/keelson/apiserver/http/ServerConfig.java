package dev.keelson.apiserver.http;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;

/**
 * What the API server is told from outside, all keys below {@code keelson}. Missing and malformed values are reported
 * together when the process starts. File names have their places below {@link #pkiDir()} unless they are given.
 */
@ConfigMapping(prefix = "keelson")
public interface ServerConfig {

    /** Where certificates and keys lie unless their own key says otherwise. */
    @WithDefault("pki")
    Path pkiDir();

    /** The port of the API; there is no insecure one. */
    @WithDefault("6443")
    int httpsPort();

    /** The address that the API listens on. */
    @WithDefault("0.0.0.0")
    String bindAddress();

    /** The address at which pods and other nodes reach this server. */
    @WithDefault("127.0.0.1")
    String advertiseAddress();

    /** PEM file with the server's certificate chain. */
    @WithDefault("${keelson.pki-dir:pki}/apiserver.crt")
    Path tlsCert();

    /** PEM file (PKCS#8) with its key. */
    @WithDefault("${keelson.pki-dir:pki}/apiserver.key")
    Path tlsKey();

    /** PEM file with the authority that signs client certificates. */
    @WithDefault("${keelson.pki-dir:pki}/ca.crt")
    Path clientCa();

    /** PEM file with the authority that signs the certificates of node agents. */
    @WithDefault("${keelson.client-ca:${keelson.pki-dir:pki}/ca.crt}")
    Path kubeletCa();

    /** PEM file with the certificate that the server shows to node agents. */
    @WithDefault("${keelson.pki-dir:pki}/apiserver-kubelet-client.crt")
    Path kubeletClientCert();

    /** PEM file (PKCS#8) with its key. */
    @WithDefault("${keelson.pki-dir:pki}/apiserver-kubelet-client.key")
    Path kubeletClientKey();

    /** PEM file (PKCS#8) with the key that signs service account tokens. */
    @WithDefault("${keelson.pki-dir:pki}/service-account.key")
    Path serviceAccountKey();

    /** PEM file with the public keys that such tokens are verified by; the first belongs to the one that signs. */
    @WithDefault("${keelson.pki-dir:pki}/service-account.pub")
    Path serviceAccountPublicKeys();

    /** The {@code iss} of service account tokens, and the audience that they are for when none is named. */
    @WithDefault("https://kubernetes.default.svc.${keelson.cluster-domain:cluster.local}")
    String serviceAccountIssuer();

    /** The IPv4 range of Service addresses. */
    @WithDefault("10.96.0.0/16")
    String serviceCidr();

    /** First and last port of NodePort Services. */
    @WithDefault("30000-32767")
    String serviceNodePortRange();

    /** The DNS domain of the cluster. */
    @WithDefault("cluster.local")
    String clusterDomain();
}
