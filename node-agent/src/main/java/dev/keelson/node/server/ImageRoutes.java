package dev.keelson.node.server;

import dev.keelson.node.image.Image;
import dev.keelson.node.image.ImageService;
import dev.keelson.node.image.ImageService.Pruned;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/**
 * Keelson's own image API: {@code POST /images/load} (tar body), {@code GET /images},
 * {@code POST /images/pull?reference=}, {@code POST /images/push?reference=}, {@code DELETE /images?reference=},
 * {@code POST /images/tag?reference=&newReference=}, {@code GET /images/save?reference=&reference=…},
 * {@code GET /images/inspect?reference=}, {@code GET /images/history?reference=}, {@code POST /images/prune?all=}.
 */
final class ImageRoutes {
    private static final int BUFFER = 64 * 1024;

    private final ImageService images;

    ImageRoutes(ImageService images) {
        this.images = images;
    }

    void mount(Router router) {
        router.post("/images/load").handler(this::load);
        router.get("/images/save").handler(this::save);
        router.post("/images/pull").handler(new ImageTransfers(images)::pull);
        router.post("/images/push").handler(new ImageTransfers(images)::push);
        router.post("/images/tag").handler(this::tag);
        router.post("/images/prune").handler(this::prune);
        router.get("/images/inspect").handler(this::inspect);
        router.get("/images/history").handler(this::history);
        router.get("/images").handler(this::list);
        router.delete("/images").handler(this::remove);
    }

    private void load(RoutingContext context) {
        RequestStream body = new RequestStream(context.request());
        Routes.blocking(context, () -> {
            List<Image> loaded = images.load(body);
            Answers.json(
                    context.response(),
                    Map.of("images", loaded.stream().map(ImageViews.Brought::of).toList()));
        });
    }

    private void list(RoutingContext context) {
        Routes.blocking(
                context,
                () -> Answers.json(
                        context.response(),
                        Map.of(
                                "images",
                                images.summaries().stream()
                                        .map(ImageViews.Short::of)
                                        .toList())));
    }

    private void inspect(RoutingContext context) {
        Routes.blocking(
                context,
                () -> Answers.json(context.response(), ImageViews.inspect(images.inspect(reference(context)))));
    }

    private void history(RoutingContext context) {
        Routes.blocking(
                context,
                () -> Answers.json(context.response(), ImageViews.history(images.inspect(reference(context)))));
    }

    private void prune(RoutingContext context) {
        Routes.blocking(context, () -> {
            Pruned pruned = images.prune(new Queries(context.queryParams()).flag("all"));
            Answers.json(
                    context.response(),
                    Map.of(
                            "removed",
                            pruned.removed().stream().map(ImageViews.Short::of).toList(),
                            "freedBytes",
                            pruned.freedBytes()));
        });
    }

    private void remove(RoutingContext context) {
        Routes.blocking(context, () -> {
            images.removeImage(reference(context));
            Answers.json(context.response(), Map.of());
        });
    }

    private void tag(RoutingContext context) {
        Routes.blocking(context, () -> {
            images.tag(reference(context), new Queries(context.queryParams()).required("newReference"));
            Answers.json(context.response(), Map.of());
        });
    }

    private void save(RoutingContext context) {
        Routes.blocking(context, () -> {
            reference(context);
            List<String> references = context.queryParams().getAll("reference");
            references.forEach(images::inspect);
            context.response().putHeader("Content-Type", "application/x-tar").setChunked(true);
            try (OutputStream body = new BufferedOutputStream(new ResponseStream(context.response()), BUFFER)) {
                images.save(references, body);
            }
        });
    }

    private static String reference(RoutingContext context) {
        return new Queries(context.queryParams()).required("reference");
    }
}
