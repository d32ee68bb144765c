package dev.keelson.apiserver.custom.convert;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ConnectTimeoutException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertPathBuilderException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class WebhookProblemsTest {

    static Stream<Arguments> causes() {
        SSLHandshakeException untrusted = new SSLHandshakeException("Failed to create SSL connection");
        untrusted.initCause(new CertPathBuilderException("unable to find valid certification path"));
        return Stream.of(
                Arguments.of(
                        new ConnectException("Connection refused: localhost/127.0.0.1:9"),
                        "dial tcp 127.0.0.1:9: connect: connection refused"),
                Arguments.of(
                        new ConnectTimeoutException("connection timed out after 5000 ms: /10.0.0.1:443"),
                        "dial tcp 10.0.0.1:443: i/o timeout"),
                Arguments.of(new UnknownHostException("door.io"), "dial tcp: lookup door.io: no such host"),
                Arguments.of(new TimeoutException(), "context deadline exceeded"),
                Arguments.of(
                        untrusted, "tls: failed to verify certificate: x509: certificate signed by unknown authority"));
    }

    @ParameterizedTest
    @MethodSource("causes")
    void whatFailsBeforeAnAnswerIsSaidAsGoSaysIt(Throwable cause, String words) {
        assertThat(WebhookProblems.reason(cause)).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "404 | the server could not find the requested resource",
                "403 | not you",
                "500 | an error on the server (\"not you\") has prevented the request from succeeding",
                "503 | the server is currently unable to handle the request",
                "302 | the server responded with the status code 302 but did not return more information"
            })
    void anAnswerThatIsNoSuccessIsSaidAsClientsSayIt(int status, String words) {
        assertThat(WebhookProblems.refusal(status, "not you\n".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(words);
    }
}
