package dev.keelson.node.server;

import dev.keelson.node.NodeException;
import dev.keelson.node.image.Image;
import dev.keelson.node.image.ImageService;
import dev.keelson.node.image.ImageSummary;
import dev.keelson.node.image.PullProgress;
import dev.keelson.node.image.RegistryAuth;
import dev.keelson.node.image.registry.DockerConfig;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Pulls and pushes for people. Credentials come in the header {@code X-Registry-Config}: a Docker {@code config.json} as
 * base64url. With {@code progress=true} the answer is a stream of JSON lines: {@code {"digest", "doneBytes",
 * "totalBytes"}}, and at the end what an answer without progress has, or {@code {"error"}}.
 */
final class ImageTransfers {
    private static final String CREDENTIALS = "X-Registry-Config";

    private final ImageService images;

    ImageTransfers(ImageService images) {
        this.images = images;
    }

    private interface Transfer {
        Map<String, Object> run(Consumer<PullProgress> progress);
    }

    void pull(RoutingContext context) {
        transfer(context, (reference, credentials, progress) -> {
            Optional<String> before = known(reference);
            Image image = images.pullImage(reference, credentials, progress);
            return Map.of(
                    "images",
                    List.of(ImageViews.Brought.of(image)),
                    "upToDate",
                    before.equals(Optional.of(image.id())));
        });
    }

    private Optional<String> known(String reference) {
        return images.summaries().stream()
                .filter(image -> image.references().contains(fullName(reference)))
                .map(ImageSummary::id)
                .findFirst();
    }

    private static String fullName(String reference) {
        return dev.keelson.node.image.ImageReference.parse(reference).toString();
    }

    void push(RoutingContext context) {
        transfer(
                context,
                (reference, credentials, progress) -> Map.of("digest", images.push(reference, credentials, progress)));
    }

    private interface Action {
        Map<String, Object> run(String reference, List<RegistryAuth> credentials, Consumer<PullProgress> progress);
    }

    private static void transfer(RoutingContext context, Action action) {
        Routes.blocking(context, () -> {
            Queries queries = new Queries(context.queryParams());
            String reference = queries.required("reference");
            List<RegistryAuth> credentials = credentials(context);
            if (queries.flag("progress")) {
                stream(context, progress -> action.run(reference, credentials, progress));
            } else {
                Answers.json(context.response(), action.run(reference, credentials, _ -> {}));
            }
        });
    }

    private static List<RegistryAuth> credentials(RoutingContext context) {
        String header =
                Optional.ofNullable(context.request().getHeader(CREDENTIALS)).orElse("");
        if (header.isEmpty()) {
            return List.of();
        }
        try {
            return DockerConfig.parse(Base64.getUrlDecoder().decode(header));
        } catch (IOException | IllegalArgumentException e) {
            throw Queries.wrong("header %s must be a Docker config.json as base64url".formatted(CREDENTIALS));
        }
    }

    private static void stream(RoutingContext context, Transfer transfer) throws IOException {
        context.response().putHeader("Content-Type", "application/x-ndjson").setChunked(true);
        try (OutputStream body = new ResponseStream(context.response())) {
            Lines lines = new Lines(body);
            try {
                lines.write(transfer.run(progress -> lines.tell(progress)));
            } catch (NodeException failure) {
                lines.write(Map.of("error", failure.getMessage()));
            }
        }
    }

    /** JSON lines, written whole by several threads. A reader that has gone does not stop a transfer that others share. */
    private static final class Lines {
        private final OutputStream body;
        private final ReentrantLock lock = new ReentrantLock();
        private boolean gone;

        private Lines(OutputStream body) {
            this.body = body;
        }

        private void tell(PullProgress progress) {
            lock.lock();
            try {
                if (!gone) {
                    write(progress);
                }
            } catch (IOException e) {
                gone = true;
            } finally {
                lock.unlock();
            }
        }

        private void write(Object line) throws IOException {
            lock.lock();
            try {
                byte[] json = Answers.bytes(line);
                byte[] ended = java.util.Arrays.copyOf(json, json.length + 1);
                ended[json.length] = '\n';
                body.write(ended);
            } finally {
                lock.unlock();
            }
        }
    }
}
