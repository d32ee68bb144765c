package dev.keelson.node.image.registry;

import dev.keelson.node.image.registry.hosts.Trust;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;

/** Sends single requests to servers that one trust is enough for, without following redirects or adding anything of its own. */
final class HttpExchange implements AutoCloseable {
    private final RegistryOptions options;
    private final HttpClient client;
    private final StallGuard stalls;

    HttpExchange(RegistryOptions options, Trust trust) {
        this.options = options;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(options.connectTimeout());
        Trust all = trust.and(options.authorities());
        if (all.anyCertificate()) {
            builder.sslContext(TrustedAuthorities.anybody());
        } else if (!all.authorities().isEmpty()) {
            builder.sslContext(TrustedAuthorities.systemAnd(all.authorities()));
        }
        this.client = builder.build();
        this.stalls = new StallGuard(options.stallTimeout());
    }

    /** An answer of which the body has not been read; closing it gives the connection back or up. */
    record Answer(URI uri, int status, java.net.http.HttpHeaders headers, InputStream body) implements AutoCloseable {
        String header(String name) {
            return headers.firstValue(name).orElse("");
        }

        @Override
        public void close() throws IOException {
            body.close();
        }
    }

    Answer get(URI uri, Map<String, String> headers) throws IOException {
        return send("GET", uri, headers, HttpRequest.BodyPublishers.noBody());
    }

    Answer send(String method, URI uri, Map<String, String> headers, HttpRequest.BodyPublisher body)
            throws IOException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).method(method, body).header("User-Agent", "keelson");
        if (body.contentLength() == 0) {
            // A long body may take longer to send than an answer may take to come.
            request.timeout(options.answerTimeout());
        }
        headers.forEach(request::header);
        if (uri.getScheme().equals("http")) {
            // The upgrade to HTTP/2 that would be offered in the clear irritates old registries and proxies.
            request.version(HttpClient.Version.HTTP_1_1);
        }
        try {
            HttpResponse<InputStream> response =
                    client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            return new Answer(uri, response.statusCode(), response.headers(), stalls.watch(response.body()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for " + uri.getHost());
        }
    }

    @Override
    public void close() {
        stalls.close();
        client.shutdownNow();
    }
}
