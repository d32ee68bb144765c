package dev.keelson.apiserver.custom.convert;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertPathBuilderException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;

/** Why a webhook gave no answer, in the words of Go's net/http and of client-go's errors. Pure. */
final class WebhookProblems {
    private WebhookProblems() {}

    static String reason(Throwable cause) {
        return switch (cause) {
            case TimeoutException late -> "context deadline exceeded";
            case io.netty.channel.ConnectTimeoutException late -> dial(late, "i/o timeout");
            case NoRouteToHostException nowhere -> dial(nowhere, "connect: no route to host");
            case ConnectException refused -> dial(refused, "connect: connection refused");
            case UnknownHostException unknown -> "dial tcp: lookup " + unknown.getMessage() + ": no such host";
            case SSLHandshakeException untrusted
            when isOfUnknownAuthority(untrusted) ->
                "tls: failed to verify certificate: x509: certificate signed by unknown authority";
            default -> String.valueOf(cause.getMessage());
        };
    }

    /** The messages of Java's network end with the address, after the name and a slash. */
    private static String dial(Exception cause, String how) {
        String message = cause.getMessage();
        return "dial tcp " + message.substring(message.lastIndexOf('/') + 1) + ": " + how;
    }

    private static boolean isOfUnknownAuthority(Throwable untrusted) {
        return Stream.iterate(untrusted, cause -> cause != null, Throwable::getCause)
                .anyMatch(CertPathBuilderException.class::isInstance);
    }

    /** What client-go makes of an answer that is no success (NewGenericServerResponse). */
    static String refusal(int status, byte[] body) {
        String said = new String(body, StandardCharsets.UTF_8).strip();
        return switch (status) {
            case 400 -> "the server rejected our request for an unknown reason";
            case 401 -> "the server has asked for the client to provide credentials";
            case 403, 406, 415 -> said;
            case 404 -> "the server could not find the requested resource";
            case 405 -> "the server does not allow this method on the requested resource";
            case 409 -> "the server reported a conflict";
            case 422 -> "the server rejected our request due to an error in our request";
            case 429 -> "the server has received too many requests and has asked us to try again later";
            case 503 -> "the server is currently unable to handle the request";
            case 504 ->
                "the server was unable to return a response in the time allotted, but may still be processing the request";
            default ->
                status >= 500
                        ? "an error on the server (\"%s\") has prevented the request from succeeding".formatted(said)
                        : "the server responded with the status code %d but did not return more information"
                                .formatted(status);
        };
    }
}
