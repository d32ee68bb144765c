package dev.keelson.node.server;

import dev.keelson.node.log.LogOptions;
import dev.keelson.node.log.LogReader;
import dev.keelson.node.runtime.ContainerStatus;
import dev.keelson.node.runtime.RuntimeService;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/** {@code /containerLogs/NAMESPACE/POD/CONTAINER}. */
final class LogRoutes {
    private static final int BUFFER = 32 * 1024;

    private final NodeView node;
    private final RuntimeService runtime;
    private final InstantSource clock;

    LogRoutes(NodeView node, RuntimeService runtime, InstantSource clock) {
        this.node = node;
        this.runtime = runtime;
        this.clock = clock;
    }

    void mount(Router router) {
        router.get("/containerLogs/:namespace/:pod/:container").handler(this::serve);
    }

    private void serve(RoutingContext context) {
        HttpServerResponse response = context.response();
        AtomicBoolean gone = new AtomicBoolean();
        response.closeHandler(_ -> gone.set(true));
        response.exceptionHandler(_ -> gone.set(true));
        Routes.blocking(context, () -> stream(context, response, gone));
    }

    private void stream(RoutingContext context, HttpServerResponse response, AtomicBoolean gone) throws IOException {
        Queries queries = new Queries(context.queryParams());
        LogOptions options = queries.logOptions(clock.instant());
        Source source = source(context, queries.flag("previous"));
        response.putHeader("Content-Type", "text/plain").setChunked(true);
        OutputStream body = new BufferedOutputStream(new ResponseStream(response), BUFFER);
        LogReader.read(source.file, options, body, () -> !gone.get() && source.mayGrow.getAsBoolean());
        body.close();
    }

    private record Source(Path file, BooleanSupplier mayGrow) {}

    private Source source(RoutingContext context, boolean previous) {
        String namespace = context.pathParam("namespace");
        String pod = context.pathParam("pod");
        String container = context.pathParam("container");
        if (previous) {
            return new Source(node.previousLog(namespace, pod, container), () -> false);
        }
        ContainerStatus run = node.newestRun(namespace, pod, container);
        return new Source(run.logFile(), () -> mayGrow(run.id()));
    }

    private boolean mayGrow(String containerId) {
        return runtime.listContainers().stream()
                .anyMatch(run -> run.id().equals(containerId) && run.state() != ContainerStatus.State.EXITED);
    }
}
