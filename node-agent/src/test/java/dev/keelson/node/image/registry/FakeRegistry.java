package dev.keelson.node.image.registry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.keelson.node.image.oci.Digest;
import dev.keelson.node.image.oci.MediaTypes;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A registry on a loopback port that a test can make misbehave. It holds what {@link #manifest} and {@link #blob} add. */
public final class FakeRegistry implements AutoCloseable {

    /** Takes a request over; answers whether it did. */
    public interface Handler {
        boolean handle(HttpExchange exchange) throws IOException;
    }

    /** One request as it came. */
    public record Request(String path, String authorization, String range) {}

    private record Manifest(String mediaType, byte[] body) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Manifest> manifests = new ConcurrentHashMap<>();
    private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final List<Handler> handlers = new CopyOnWriteArrayList<>();

    public FakeRegistry() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    public Digest manifest(String tag, String mediaType, byte[] body) {
        Digest digest = Digest.sha256(body);
        manifests.put(tag, new Manifest(mediaType, body));
        manifests.put(digest.toString(), new Manifest(mediaType, body));
        return digest;
    }

    public Digest blob(byte[] content) {
        Digest digest = Digest.sha256(content);
        blobs.put(digest.toString(), content);
        return digest;
    }

    /** Adds an image of one layer under a tag; answers its manifest's digest. */
    public Digest publish(String tag, FakeImage image) {
        Digest layer = blob(image.layer());
        byte[] config = text(image.config());
        return manifest(tag, MediaTypes.OCI_MANIFEST, text(image.manifest(layer, blob(config), config.length)));
    }

    /** As {@link #first}, for the requests of one blob only. */
    public FakeRegistry forBlob(byte[] blob, Handler handler) {
        String hex = Digest.sha256(blob).hex();
        return first(exchange -> exchange.getRequestURI().getPath().endsWith(hex) && handler.handle(exchange));
    }

    int manifestSize(String tag) {
        return manifests.get(tag).body().length;
    }

    /** Handlers see requests before the registry does, the first added first. */
    public FakeRegistry first(Handler handler) {
        handlers.add(handler);
        return this;
    }

    public List<Request> requests() {
        return requests;
    }

    long count(String part) {
        return requests.stream()
                .filter(request -> request.path().contains(part))
                .count();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            requests.add(new Request(
                    exchange.getRequestURI().toString(), header(exchange, "Authorization"), header(exchange, "Range")));
            for (Handler handler : handlers) {
                if (handler.handle(exchange)) {
                    return;
                }
            }
            serve(exchange);
        }
    }

    static String header(HttpExchange exchange, String name) {
        String value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "" : value;
    }

    private void serve(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String last = path.substring(path.lastIndexOf('/') + 1);
        if (path.contains("/manifests/") && manifests.containsKey(last)) {
            Manifest manifest = manifests.get(last);
            exchange.getResponseHeaders().set("Content-Type", manifest.mediaType());
            exchange.getResponseHeaders()
                    .set("Docker-Content-Digest", Digest.sha256(manifest.body()).toString());
            send(exchange, 200, manifest.body());
        } else if (path.contains("/blobs/") && blobs.containsKey(last)) {
            serveBlob(exchange, blobs.get(last));
        } else {
            send(
                    exchange,
                    404,
                    text("{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\",\"message\":\"manifest unknown\"}]}"));
        }
    }

    private static void serveBlob(HttpExchange exchange, byte[] blob) throws IOException {
        String range = header(exchange, "Range");
        if (range.isEmpty()) {
            send(exchange, 200, blob);
            return;
        }
        int from = Integer.parseInt(range.replaceAll("\\D", ""));
        exchange.getResponseHeaders()
                .set("Content-Range", "bytes %d-%d/%d".formatted(from, blob.length - 1, blob.length));
        send(exchange, 206, java.util.Arrays.copyOfRange(blob, from, blob.length));
    }

    public static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    /** Promises the whole body and breaks the connection after a part of it. */
    public static void breakAfter(HttpExchange exchange, byte[] body, int sent) throws IOException {
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body, 0, sent);
        exchange.getResponseBody().flush();
        throw new IOException("broken on purpose");
    }

    public static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
