package dev.keelson.node.server;

import dev.keelson.node.image.Image;
import dev.keelson.node.image.ImageService;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/**
 * Keelson's own image API: {@code POST /images/load} (tar body), {@code GET /images},
 * {@code POST /images/pull?reference=}, {@code DELETE /images?reference=},
 * {@code POST /images/tag?reference=&newReference=}, {@code GET /images/save?reference=}.
 */
final class ImageRoutes {
    private static final int BUFFER = 64 * 1024;

    private final ImageService images;

    ImageRoutes(ImageService images) {
        this.images = images;
    }

    /** One image as the API shows it. */
    record View(String id, List<String> references, List<String> repoDigests, long sizeBytes) {
        static View of(Image image) {
            return new View(image.id(), image.references(), image.repoDigests(), image.sizeBytes());
        }
    }

    void mount(Router router) {
        router.post("/images/load").handler(this::load);
        router.get("/images/save").handler(this::save);
        router.post("/images/pull").handler(this::pull);
        router.post("/images/tag").handler(this::tag);
        router.get("/images").handler(this::list);
        router.delete("/images").handler(this::remove);
    }

    private void load(RoutingContext context) {
        RequestStream body = new RequestStream(context.request());
        Routes.blocking(context, () -> answer(context, images.load(body)));
    }

    private void list(RoutingContext context) {
        Routes.blocking(context, () -> answer(context, images.listImages()));
    }

    private static void answer(RoutingContext context, List<Image> found) {
        Answers.json(
                context.response(),
                Map.of("images", found.stream().map(View::of).toList()));
    }

    private void pull(RoutingContext context) {
        Routes.blocking(context, () -> {
            String reference = new Queries(context.queryParams()).required("reference");
            answer(context, List.of(images.pullImage(reference, List.of(), _ -> {})));
        });
    }

    private void remove(RoutingContext context) {
        Routes.blocking(context, () -> {
            images.removeImage(new Queries(context.queryParams()).required("reference"));
            Answers.json(context.response(), Map.of());
        });
    }

    private void tag(RoutingContext context) {
        Routes.blocking(context, () -> {
            Queries queries = new Queries(context.queryParams());
            images.tag(queries.required("reference"), queries.required("newReference"));
            Answers.json(context.response(), Map.of());
        });
    }

    private void save(RoutingContext context) {
        Routes.blocking(context, () -> {
            String reference = new Queries(context.queryParams()).required("reference");
            context.response().putHeader("Content-Type", "application/x-tar").setChunked(true);
            try (OutputStream body = new BufferedOutputStream(new ResponseStream(context.response()), BUFFER)) {
                images.save(reference, body);
            }
        });
    }
}
