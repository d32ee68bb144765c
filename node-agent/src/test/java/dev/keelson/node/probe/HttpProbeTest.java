package dev.keelson.node.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpProbeTest {

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1 200 OK, true",
        "HTTP/1.1 204 No Content, true",
        "HTTP/1.1 302 Found, true",
        "HTTP/1.0 399 Odd, true",
        "HTTP/1.1 199 Early, false",
        "HTTP/1.1 400 Bad Request, false",
        "HTTP/1.1 503 Service Unavailable, false",
        "SSH-2.0-OpenSSH, false",
        "'', false",
    })
    void statusDecides(String line, boolean passes) {
        assertThat(HttpProbe.judge(line).success()).isEqualTo(passes);
    }

    @Test
    void specsHeadersReplaceTheDefaultsAndCannotSmuggle() {
        ProbeSpec.Check.Http check = new ProbeSpec.Check.Http(
                false,
                "",
                new ProbeSpec.Port("80", OptionalInt.of(80)),
                "healthz",
                List.of(new ProbeSpec.Header("host", "shop.example"), new ProbeSpec.Header("X", "a\r\nEvil: b")));
        String request = HttpProbe.request(check, "10.0.0.2", 80);
        assertThat(request).startsWith("GET /healthz HTTP/1.1\r\n").contains("host: shop.example\r\n");
        assertThat(request).doesNotContain("Host: 10.0.0.2").doesNotContain("\nEvil");
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1 302 Found, /other?a=1, http://10.0.0.2:80/other?a=1",
        "HTTP/1.1 307 Temporary, http://10.0.0.2:81/x, http://10.0.0.2:81/x",
        "HTTP/1.1 302 Found, http://elsewhere:80/x, ''",
        "HTTP/1.1 302 Found, '', ''",
        "HTTP/1.1 304 Not Modified, /x, ''",
        "HTTP/1.1 200 OK, /x, ''",
        "HTTP/1.1 302 Found, 'http://[', ''",
    })
    void onlyRedirectsOnTheSameHostAreFollowed(String status, String location, String next) {
        assertThat(new HttpProbe.Answer(status, location)
                        .redirect(false, "10.0.0.2", 80, "healthz")
                        .map(Object::toString)
                        .orElse(""))
                .isEqualTo(next);
    }

    @Test
    void aRedirectIsJudgedByWhereItLeads() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/moved", exchange -> {
            exchange.getResponseHeaders().add("Location", "/broken");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        server.createContext("/broken", exchange -> {
            exchange.sendResponseHeaders(500, -1);
            exchange.close();
        });
        server.createContext("/circle", exchange -> {
            exchange.getResponseHeaders().add("Location", "/circle");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        server.createContext("/away", exchange -> {
            exchange.getResponseHeaders().add("Location", "http://elsewhere.test/");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        server.start();
        try {
            int port = server.getAddress().getPort();
            assertThat(get("/moved", port).message()).isEqualTo("HTTP probe failed with statuscode: 500");
            assertThat(get("/away", port))
                    .isEqualTo(ProbeOutcome.passed("Probe terminated redirects, Location: http://elsewhere.test/"));
            assertThat(get("/circle", port).message()).isEqualTo("stopped after 10 redirects");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void encryptedAnswersCountWhoeverSignedTheCertificate(@TempDir Path directory) throws Exception {
        Path store = directory.resolve("store.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
                        "-genkeypair",
                        "-alias",
                        "x",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=elsewhere.test",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "secret",
                        "-keystore",
                        store.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
        KeyStore keys = KeyStore.getInstance(store.toFile(), "secret".toCharArray());
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "secret".toCharArray());
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(managers.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.createContext("/up", exchange -> {
            boolean known = "probe".equals(exchange.getRequestHeaders().getFirst("X-Who"));
            exchange.sendResponseHeaders(known ? 204 : 403, -1);
            exchange.close();
        });
        server.start();
        try {
            int port = server.getAddress().getPort();
            ProbeSpec.Check.Http check = new ProbeSpec.Check.Http(
                    true,
                    "",
                    new ProbeSpec.Port("" + port, OptionalInt.of(port)),
                    "/up",
                    List.of(new ProbeSpec.Header("X-Who", "probe")));
            assertThat(HttpProbe.check(check, "127.0.0.1", port, Duration.ofSeconds(20)))
                    .isEqualTo(ProbeOutcome.passed());
        } finally {
            server.stop(0);
        }
    }

    private static ProbeOutcome get(String path, int port) throws Exception {
        ProbeSpec.Check.Http check = new ProbeSpec.Check.Http(
                false, "", new ProbeSpec.Port("" + port, OptionalInt.of(port)), path, List.of());
        return HttpProbe.check(check, "127.0.0.1", port, Duration.ofSeconds(20));
    }

    @Test
    void grpcServingIsRecognized() {
        assertThat(GrpcProbe.judge(new byte[] {0, 0, 0, 0, 2, 8, 1}).success()).isTrue();
        assertThat(GrpcProbe.judge(new byte[] {0, 0, 0, 0, 2, 8, 2}).success()).isFalse();
        assertThat(GrpcProbe.judge(new byte[0]).success()).isFalse();
    }
}
