package dev.keelson.crds.client;

import java.net.URI;
import java.nio.file.Path;

/**
 * How to reach one API server with one identity.
 *
 * @param server base address, such as {@code https://127.0.0.1:6443}
 * @param certificateAuthority PEM file of the authority that signed the server's certificate
 * @param clientCertificate PEM file of the client's certificate chain
 * @param clientKey PEM file (PKCS#8) of the client's private key
 * @param userAgent what the server records as the field manager's name
 */
public record ClientConfig(
        URI server, Path certificateAuthority, Path clientCertificate, Path clientKey, String userAgent) {}
