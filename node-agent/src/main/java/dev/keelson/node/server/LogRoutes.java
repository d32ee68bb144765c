package dev.keelson.node.server;

import dev.keelson.crds.stream.UnreadPings;
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

/**
 * {@code /containerLogs/NAMESPACE/POD/CONTAINER}, as a body or as the messages of a WebSocket, which may be in base64
 * (Kubernetes: {@code wsstream/stream.go}).
 */
final class LogRoutes {
    static final String BINARY = "binary.k8s.io";
    static final String BASE64 = "base64.binary.k8s.io";

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
        AtomicBoolean gone = new AtomicBoolean();
        if ("websocket".equalsIgnoreCase(context.request().getHeader("Upgrade"))) {
            Routes.upgrading(context, () -> upgrade(context, gone));
            return;
        }
        HttpServerResponse response = context.response();
        response.closeHandler(_ -> gone.set(true));
        response.exceptionHandler(_ -> gone.set(true));
        Routes.blocking(context, () -> stream(context, response, gone));
    }

    /** What the request asks for; what it cannot have is refused here, while an HTTP answer is still possible. */
    private record Asked(LogOptions options, Source source) {}

    private Asked asked(RoutingContext context) {
        Queries queries = new Queries(context.queryParams());
        return new Asked(queries.logOptions(clock.instant()), source(context, queries.flag("previous")));
    }

    private void stream(RoutingContext context, HttpServerResponse response, AtomicBoolean gone) throws IOException {
        Asked asked = asked(context);
        response.putHeader("Content-Type", "text/plain").setChunked(true);
        copy(asked, new ResponseStream(response), gone);
    }

    private Runnable upgrade(RoutingContext context, AtomicBoolean gone) {
        Asked asked = asked(context);
        return () -> UnreadPings.upgrade(context.request()).onSuccess(socket -> {
            socket.closeHandler(_ -> gone.set(true));
            socket.exceptionHandler(_ -> gone.set(true));
            Thread.ofVirtual().name("log-messages").start(() -> {
                try {
                    copy(asked, new MessageStream(socket), gone);
                } catch (IOException left) {
                    gone.set(true);
                }
            });
        });
    }

    private void copy(Asked asked, OutputStream to, AtomicBoolean gone) throws IOException {
        Source source = asked.source();
        OutputStream body = new BufferedOutputStream(to, BUFFER);
        LogReader.read(source.file, asked.options(), body, () -> !gone.get() && source.mayGrow.getAsBoolean());
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
