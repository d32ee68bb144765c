package dev.keelson.apiserver.custom.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.registry.store.Trees;
import dev.keelson.apiserver.storage.StoredJson;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Calls one webhook over HTTPS (apiextensions.k8s.io/v1 WebhookClientConfig). For virtual threads. */
public final class WebhookClient {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int CONNECT_MILLIS = 5_000;

    private final Vertx vertx;
    private final JsonNode config;
    private final WebhookAddresses addresses;
    private Optional<HttpClient> http = Optional.empty();

    public WebhookClient(Vertx vertx, JsonNode config, WebhookAddresses addresses) {
        this.vertx = vertx;
        this.config = config;
        this.addresses = addresses;
    }

    private record Answer(int status, byte[] body) {}

    /** @param what how failures begin: what could not be done */
    ObjectNode call(ObjectNode review, String what) {
        Answer answer = post(review, what);
        if (answer.status() < 200 || answer.status() > 206) {
            throw ApiFailure.unknown(what + WebhookProblems.refusal(answer.status(), answer.body()));
        }
        try {
            if (StoredJson.MAPPER.readTree(answer.body()) instanceof ObjectNode object) {
                return object;
            }
            throw ApiFailure.unknown(what + "couldn't get version/kind; json parse error: it is no object");
        } catch (IOException noJson) {
            throw ApiFailure.unknown(what + "couldn't get version/kind; json parse error: " + noJson.getMessage());
        }
    }

    private Answer post(ObjectNode review, String what) {
        String url = WebhookAddresses.url(config, TIMEOUT);
        try {
            RequestOptions options = new RequestOptions()
                    .setAbsoluteURI(url)
                    .setMethod(HttpMethod.POST)
                    .setTimeout(TIMEOUT.toMillis())
                    .putHeader("Content-Type", "application/json")
                    .putHeader("Accept", "application/json");
            addresses.server(config).ifPresent(options::setServer);
            return client().request(options)
                    .compose(request -> request.send(Buffer.buffer(Trees.bytes(review))))
                    .compose(
                            response -> response.body().map(body -> new Answer(response.statusCode(), body.getBytes())))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            throw ApiFailure.unknown(what + "Post \"" + url + "\": " + WebhookProblems.reason(failed.getCause()));
        } catch (ApiFailure | TimeoutException unreached) {
            throw ApiFailure.unknown(what + "Post \"" + url + "\": " + WebhookProblems.reason(unreached));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw ApiFailure.unavailable("the server is shutting down");
        }
    }

    /** Made for the first call: most definitions' webhooks are never asked. */
    private synchronized HttpClient client() {
        if (http.isEmpty()) {
            HttpClientOptions options =
                    new HttpClientOptions().setSsl(true).setVerifyHost(true).setConnectTimeout(CONNECT_MILLIS);
            String bundle = Tree.text(config, "caBundle");
            if (!bundle.isEmpty()) {
                byte[] pem = Base64.getDecoder().decode(bundle);
                options.setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(pem)));
            }
            http = Optional.of(vertx.createHttpClient(options));
        }
        return http.get();
    }
}
