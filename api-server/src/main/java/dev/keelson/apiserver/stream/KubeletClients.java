package dev.keelson.apiserver.stream;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.TCPSSLOptions;
import java.nio.file.Path;

/**
 * Connections to node agents, with the server's own client certificate; an agent must show a certificate of the
 * cluster's authority that names the address it was called at.
 */
public final class KubeletClients {
    private static final int CONNECT_MILLIS = 5_000;
    /** Every followed log holds a connection. */
    private static final int MOST_CONNECTIONS = 2_000;

    private final HttpClient http;
    private final HttpClient plainHttp;
    private final NetClient sockets;

    /** @param ca PEM file of the authority that signs the agents' certificates */
    public KubeletClients(Vertx vertx, Path cert, Path key, Path ca) {
        PoolOptions pool = new PoolOptions().setHttp1MaxSize(MOST_CONNECTIONS);
        HttpClientOptions https = new HttpClientOptions().setVerifyHost(true);
        this.http = vertx.createHttpClient((HttpClientOptions) secured(https, cert, key, ca), pool);
        this.plainHttp = vertx.createHttpClient(new HttpClientOptions().setConnectTimeout(CONNECT_MILLIS), pool);
        NetClientOptions tls = new NetClientOptions().setHostnameVerificationAlgorithm("HTTPS");
        this.sockets = vertx.createNetClient((NetClientOptions) secured(tls, cert, key, ca));
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

    private static TCPSSLOptions secured(TCPSSLOptions options, Path cert, Path key, Path ca) {
        options.setSsl(true)
                .setKeyCertOptions(
                        new PemKeyCertOptions().setCertPath(cert.toString()).setKeyPath(key.toString()))
                .setTrustOptions(new PemTrustOptions().addCertPath(ca.toString()))
                .setTcpNoDelay(true);
        if (options instanceof HttpClientOptions client) {
            client.setConnectTimeout(CONNECT_MILLIS);
        }
        if (options instanceof NetClientOptions client) {
            client.setConnectTimeout(CONNECT_MILLIS);
        }
        return options;
    }
}
