package dev.keelson.apiserver.stream;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SSLOptions;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Connections to node agents, with the server's own client certificate; an agent must show a certificate of the
 * cluster's authority that names the address it was called at.
 */
public final class KubeletClients {
    private static final int CONNECT_MILLIS = 5_000;
    /** Every followed log holds a connection. */
    private static final int MOST_CONNECTIONS = 2_000;

    /** Renewed certificates are taken over this soon, without cutting a stream. */
    private static final Duration RELOAD = Duration.ofMinutes(10);

    private final HttpClient http;
    private final HttpClient plainHttp;
    private final NetClient sockets;

    /** @param ca PEM file of the authority that signs the agents' certificates */
    public KubeletClients(Vertx vertx, Path cert, Path key, Path ca) {
        PoolOptions pool = new PoolOptions().setHttp1MaxSize(MOST_CONNECTIONS);
        this.http = vertx.createHttpClient(
                new HttpClientOptions()
                        .setVerifyHost(true)
                        .setConnectTimeout(CONNECT_MILLIS)
                        .setSsl(true)
                        .setKeyCertOptions(keys(cert, key))
                        .setTrustOptions(authority(ca)),
                pool);
        this.plainHttp = vertx.createHttpClient(new HttpClientOptions().setConnectTimeout(CONNECT_MILLIS), pool);
        this.sockets = vertx.createNetClient(new NetClientOptions()
                .setHostnameVerificationAlgorithm("HTTPS")
                .setConnectTimeout(CONNECT_MILLIS)
                .setSsl(true)
                .setTcpNoDelay(true)
                .setKeyCertOptions(keys(cert, key))
                .setTrustOptions(authority(ca)));
        vertx.setPeriodic(RELOAD.toMillis(), timer -> {
            http.updateSSLOptions(identity(cert, key, ca));
            sockets.updateSSLOptions(identity(cert, key, ca));
        });
    }

    private static SSLOptions identity(Path cert, Path key, Path ca) {
        return new SSLOptions().setKeyCertOptions(keys(cert, key)).setTrustOptions(authority(ca));
    }

    private static PemKeyCertOptions keys(Path cert, Path key) {
        return new PemKeyCertOptions().setCertPath(cert.toString()).setKeyPath(key.toString());
    }

    private static PemTrustOptions authority(Path ca) {
        return new PemTrustOptions().addCertPath(ca.toString());
    }

    /** Requests to agents. */
    HttpClient http() {
        return http;
    }

    /** Requests to what runs in pods. */
    HttpClient plainHttp() {
        return plainHttp;
    }

    /** Raw TLS connections to agents, for protocols that are only passed through. */
    NetClient sockets() {
        return sockets;
    }
}
