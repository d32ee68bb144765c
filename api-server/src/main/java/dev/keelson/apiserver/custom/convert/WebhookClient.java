package dev.keelson.apiserver.custom.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.registry.store.Trees;
import dev.keelson.apiserver.storage.StorageException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
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

    /** @param what how failures begin: what could not be done */
    ObjectNode call(ObjectNode review, String what) {
        try {
            RequestOptions options = addresses
                    .of(config)
                    .setMethod(HttpMethod.POST)
                    .setTimeout(TIMEOUT.toMillis())
                    .putHeader("Content-Type", "application/json")
                    .putHeader("Accept", "application/json");
            return client().request(options)
                    .compose(request -> request.send(Buffer.buffer(Trees.bytes(review))))
                    .compose(response -> body(response, what))
                    .map(body -> Trees.parse(body.getBytes()))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof ApiFailure failure
                    ? failure
                    : ApiFailure.internal(what + "Post \"" + shown() + "\": " + reason(failed.getCause()));
        } catch (TimeoutException late) {
            throw ApiFailure.internal(
                    what + "Post \"" + shown() + "\": no answer within " + TIMEOUT.toSeconds() + " seconds");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw ApiFailure.unavailable("the server is shutting down");
        }
    }

    private static Future<Buffer> body(HttpClientResponse response, String what) {
        if (response.statusCode() != 200) {
            return Future.failedFuture(
                    ApiFailure.internal(what + "the webhook answered with the status " + response.statusCode()));
        }
        return response.body();
    }

    private static String reason(Throwable cause) {
        return cause instanceof StorageException ? "the answer is not JSON" : String.valueOf(cause.getMessage());
    }

    private String shown() {
        String url = Tree.text(config, "url");
        return url.isEmpty()
                ? "https://" + Tree.text(config, "service", "name") + "." + Tree.text(config, "service", "namespace")
                        + ".svc"
                : url;
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
