package dev.keelson.apiserver.http;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.restassured.RestAssured;
import io.restassured.builder.RequestSpecBuilder;
import io.restassured.config.EncoderConfig;
import io.restassured.config.LogConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.config.SSLConfig;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.microprofile.config.ConfigProvider;

/** Gives a tested server its certificates, and tests a way to call it as one user or another. */
public final class ServerUnderTest implements QuarkusTestResourceLifecycleManager {
    private Path directory = Path.of("");

    @Override
    public Map<String, String> start() {
        try {
            directory = Files.createTempDirectory("keelson-pki");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        TestPki.in(directory);
        return Map.of("keelson.pki-dir", directory.toString());
    }

    @Override
    public void stop() {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Path pki() {
        return Path.of(ConfigProvider.getConfig().getValue("keelson.pki-dir", String.class));
    }

    public static int port() {
        return ConfigProvider.getConfig().getValue("quarkus.http.test-ssl-port", Integer.class);
    }

    /** Requests with the certificate of one user: {@code admin}, {@code node} or {@code bob}. */
    public static RequestSpecification as(String user) {
        SSLConfig ssl = SSLConfig.sslConfig()
                .keyStore(pki().resolve(user + ".p12").toFile(), TestPki.PASSWORD)
                .keystoreType("PKCS12")
                .trustStore(pki().resolve("ca.p12").toFile(), TestPki.PASSWORD)
                .trustStoreType("PKCS12");
        return RestAssured.given(base(ssl));
    }

    /** Requests without a certificate. */
    public static RequestSpecification asNobody() {
        SSLConfig ssl = SSLConfig.sslConfig()
                .trustStore(pki().resolve("ca.p12").toFile(), TestPki.PASSWORD)
                .trustStoreType("PKCS12");
        return RestAssured.given(base(ssl));
    }

    /** TLS as one user, for clients that REST Assured cannot be: streams and upgrades. */
    public static SSLContext tls(String user) {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(keyStore(user), TestPki.PASSWORD.toCharArray());
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(keyStore("ca"));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the test certificates cannot be read", e);
        }
    }

    private static KeyStore keyStore(String name) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(pki().resolve(name + ".p12"))) {
            store.load(in, TestPki.PASSWORD.toCharArray());
        }
        return store;
    }

    private static RequestSpecification base(SSLConfig ssl) {
        EncoderConfig encoders = EncoderConfig.encoderConfig()
                .appendDefaultContentCharsetToContentTypeIfUndefined(false)
                .encodeContentTypeAs("application/merge-patch+json", ContentType.TEXT)
                .encodeContentTypeAs("application/json-patch+json", ContentType.TEXT)
                .encodeContentTypeAs("application/strategic-merge-patch+json", ContentType.TEXT)
                .encodeContentTypeAs("application/apply-patch+yaml", ContentType.TEXT)
                .encodeContentTypeAs("application/yaml", ContentType.TEXT);
        // What these tests send must not be laid out nicely: a deeply nested body would fill the memory.
        LogConfig plain = LogConfig.logConfig().enablePrettyPrinting(false);
        return new RequestSpecBuilder()
                .setConfig(RestAssuredConfig.newConfig()
                        .sslConfig(ssl)
                        .encoderConfig(encoders)
                        .logConfig(plain))
                .setBaseUri("https://localhost")
                .setPort(port())
                .setUrlEncodingEnabled(false)
                .build();
    }
}
