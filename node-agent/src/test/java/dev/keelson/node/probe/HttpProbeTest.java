package dev.keelson.node.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
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

    @Test
    void grpcServingIsRecognized() {
        assertThat(GrpcProbe.judge(new byte[] {0, 0, 0, 0, 2, 8, 1}).success()).isTrue();
        assertThat(GrpcProbe.judge(new byte[] {0, 0, 0, 0, 2, 8, 2}).success()).isFalse();
        assertThat(GrpcProbe.judge(new byte[0]).success()).isFalse();
    }
}
