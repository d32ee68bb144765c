package dev.keelson.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * From the POST of a pod that is bound to the node to the moment when a watcher of the API sees its process running, and to
 * the first byte that it answers over HTTP; beside
 * it {@code docker run -d} and {@code podman run -d} of the same image, where they are installed. The runs take turns, so
 * that a machine that slows down slows all of them.
 */
final class PodStart {
    /** Pods of a node that has just come up: code that is seldom used is not compiled before (decision 0190). */
    private static final int FIRST = 40;
    /** Then a node that has done some work already. */
    private static final int WARM_UP = 60;

    private static final int RUNS = 40;
    private static final int WEB_PORT = 8080;
    private static final String IMAGE = "keelson.dev/examples/web:1";

    private static final String PODS = "/api/v1/namespaces/default/pods";
    private static final String POD = """
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"%s"},"spec":{"nodeName":"%s",
            "terminationGracePeriodSeconds":0,"containers":[{"name":"web","image":"%s"}]}}""";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Nanoseconds since the POST. */
    private record Start(long running, long firstByte) {}

    private final HttpConnection writer;
    private final HttpConnection watch;
    private final String node;

    private PodStart(HttpConnection writer, HttpConnection watch, String node) {
        this.writer = writer;
        this.watch = watch;
        this.node = node;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        Target target = Target.ready();
        List<Peer> peers = Peer.installed(IMAGE);
        long[] ours = new long[RUNS];
        long[] answered = new long[RUNS];
        long[][] theirs = new long[peers.size()][RUNS];
        try (HttpConnection writer = new HttpConnection(target.config());
                HttpConnection watch = new HttpConnection(target.config())) {
            watch.open(PODS + "?watch=true");
            PodStart pods = new PodStart(writer, watch, target.node());
            long[] first = new long[FIRST];
            for (int i = 0; i < FIRST + WARM_UP; i++) {
                Thread.sleep(Sample.SETTLING);
                Start start = pods.start("warm-" + i);
                if (i < FIRST) {
                    first[i] = start.firstByte();
                }
            }
            System.out.println(new Sample("keelson, first pods to first HTTP byte", first).line());
            for (int i = 0; i < RUNS; i++) {
                Thread.sleep(Sample.SETTLING);
                Start start = pods.start("bench-" + i);
                ours[i] = start.running();
                answered[i] = start.firstByte();
                for (int peer = 0; peer < peers.size(); peer++) {
                    Thread.sleep(Sample.SETTLING);
                    theirs[peer][i] = peers.get(peer).run();
                }
            }
        } finally {
            peers.forEach(Peer::cleanUp);
        }
        Sample keelson = new Sample("keelson POST to running", ours);
        System.out.println(keelson.line());
        System.out.println(new Sample("keelson POST to first HTTP byte", answered).line());
        List<String> ratios = new ArrayList<>();
        for (int peer = 0; peer < peers.size(); peer++) {
            Sample sample = new Sample(peers.get(peer).name() + " run -d", theirs[peer]);
            System.out.println(sample.line());
            ratios.add(keelson.ratio(sample));
        }
        ratios.forEach(System.out::println);
    }

    private Start start(String name) throws IOException {
        long start = System.nanoTime();
        send("POST", PODS, POD.formatted(name, node, IMAGE));
        JsonNode seen = await(name, PodStart::running);
        long running = System.nanoTime() - start;
        awaitFirstByte(seen.path("object").path("status").path("podIP").asText());
        Start took = new Start(running, System.nanoTime() - start);
        send("DELETE", PODS + "/" + name, "{\"gracePeriodSeconds\":0}");
        await(name, event -> event.path("type").asText().equals("DELETED"));
        return took;
    }

    private void send(String method, String path, String body) throws IOException {
        int status = writer.send(method, path, body);
        if (status / 100 != 2) {
            throw new IOException(method + " " + path + " answered " + status);
        }
    }

    private JsonNode await(String name, Predicate<JsonNode> wanted) throws IOException {
        while (true) {
            for (String line : watch.chunk().split("\n")) {
                JsonNode event = JSON.readTree(line);
                String of = event.path("object").path("metadata").path("name").asText();
                if (of.equals(name) && wanted.test(event)) {
                    return event;
                }
            }
        }
    }

    /** The program listens a moment after it has started. */
    private static void awaitFirstByte(String address) throws IOException {
        while (true) {
            try (Socket socket = new Socket(address, WEB_PORT)) {
                socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                if (socket.getInputStream().read() < 0) {
                    throw new IOException("the pod at " + address + " closed the connection without an answer");
                }
                return;
            } catch (ConnectException notYet) {
                Thread.onSpinWait();
            }
        }
    }

    private static boolean running(JsonNode event) {
        JsonNode containers = event.path("object").path("status").path("containerStatuses");
        return containers.path(0).path("state").has("running");
    }
}
