package dev.keelson.apiserver.auth.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketTokenTest {
    /** {@code a.b-c}, which unpadded has another length than a multiple of four. */
    private static final String SENT = "base64url.bearer.authorization.k8s.io.YS5iLWM";

    @Test
    void theTokenIsFoundAmongTheSubprotocolsAndTakenOutOfThem() {
        WebSocketToken found = WebSocketToken.in(List.of("v5.channel.k8s.io, " + SENT + ",v4.channel.k8s.io"));

        assertThat(found.token()).contains("a.b-c");
        assertThat(found.others()).containsExactly("v5.channel.k8s.io", "v4.channel.k8s.io");
        assertThat(WebSocketToken.in(List.of(SENT, "v5.channel.k8s.io")).token())
                .contains("a.b-c");
    }

    @Test
    void whoSendsNoneHasNone() {
        assertThat(WebSocketToken.in(List.of()).token()).isEmpty();
        assertThat(WebSocketToken.in(List.of("v5.channel.k8s.io")).token()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                SENT,
                SENT + "," + SENT + ",v5.channel.k8s.io",
                SENT + "=,v5.channel.k8s.io",
                "base64url.bearer.authorization.k8s.io.a+b,v5.channel.k8s.io",
                "base64url.bearer.authorization.k8s.io._w,v5.channel.k8s.io",
                "base64url.bearer.authorization.k8s.io.,v5.channel.k8s.io"
            })
    void whatIsNotSentAsItMustBeIsNobodys(String header) {
        assertThat(WebSocketToken.in(List.of(header)).token()).contains("");
    }
}
