package dev.keelson.cli.it;

import static io.restassured.RestAssured.given;

import dev.keelson.crds.client.ClientConfig;
import dev.keelson.crds.client.http.TlsIdentity;
import io.restassured.config.RestAssuredConfig;
import io.restassured.config.SSLConfig;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.http.conn.ssl.SSLSocketFactory;

/** Raw requests to a cluster's API server as its administrator. */
final class Api {
    private Api() {}

    static RequestSpecification as(Cluster cluster, String identity) {
        Path pki = cluster.directory().resolve("pki");
        URI server = URI.create("https://127.0.0.1:" + cluster.port());
        @SuppressWarnings("deprecation") // REST Assured takes nothing newer
        SSLSocketFactory tls = new SSLSocketFactory(
                TlsIdentity.context(new ClientConfig(
                        server,
                        pki.resolve("ca.crt"),
                        pki.resolve(identity + ".crt"),
                        pki.resolve(identity + ".key"),
                        "test")),
                SSLSocketFactory.STRICT_HOSTNAME_VERIFIER);
        return given().baseUri(server.toString())
                .config(RestAssuredConfig.config()
                        .sslConfig(SSLConfig.sslConfig().sslSocketFactory(tls)));
    }

    static String post(Cluster cluster, String path, String type, String body) {
        Response response = as(cluster, "admin")
                .header("Content-Type", type)
                .body(body.getBytes(StandardCharsets.UTF_8))
                .post(path);
        return response.statusCode() + " " + response.asString();
    }
}
