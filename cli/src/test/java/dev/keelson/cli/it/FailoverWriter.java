package dev.keelson.cli.it;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A client that changes ConfigMaps of one namespace through the server it prefers, and through the next one while that
 * does not answer. It counts a shared counter up with a precondition, so that writers of all servers are in each
 * other's way all the time.
 */
final class FailoverWriter implements Runnable {
    private static final int NAMES = 8;

    /** A request that did not do what it should, or did not answer. */
    record Failure(int server, long at, String what) {}

    private final Servers servers;
    private final String collection;
    private final int preferred;
    private final Random random;
    private final List<String> acknowledged = new ArrayList<>();
    private final List<Failure> failures = new ArrayList<>();
    private long slowestNanos;
    private int counted;
    private int unknown;
    private volatile boolean stopped;

    FailoverWriter(Servers servers, String namespace, int preferred, long seed) {
        this.servers = servers;
        this.collection = "/api/v1/namespaces/" + namespace + "/configmaps";
        this.preferred = preferred;
        this.random = new Random(seed);
    }

    @Override
    public void run() {
        int server = preferred;
        while (!stopped) {
            boolean counts = random.nextBoolean();
            try {
                if (counts) {
                    count(server);
                } else {
                    change(server);
                }
                server = preferred;
            } catch (IOException lost) {
                failed(server, lost.toString(), counts);
                server = servers.after(server);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    void stop() {
        stopped = true;
    }

    /** Writes that were answered, {@code revision name}. */
    synchronized List<String> acknowledged() {
        return List.copyOf(acknowledged);
    }

    synchronized List<Failure> failures() {
        return List.copyOf(failures);
    }

    synchronized long slowestMillis() {
        return slowestNanos / 1_000_000;
    }

    synchronized int counted() {
        return counted;
    }

    /** Increments of which nobody knows whether they were stored. */
    synchronized int unknown() {
        return unknown;
    }

    private Servers.Answer send(int server, String method, String path, String body)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        Servers.Answer answer = servers.send(server, method, path, body);
        slowest(System.nanoTime() - start);
        return answer;
    }

    private void change(int server) throws IOException, InterruptedException {
        String name = "o" + random.nextInt(NAMES);
        String body = "{\"metadata\":{\"name\":\"%s\",\"labels\":{\"side\":\"%s\"}},\"data\":{\"v\":\"%d\"}}"
                .formatted(name, random.nextBoolean() ? "left" : "right", random.nextLong());
        Servers.Answer answer =
                switch (random.nextInt(3)) {
                    case 0 -> send(server, "POST", collection, body);
                    case 1 -> send(server, "PUT", collection + "/" + name, body);
                    default -> send(server, "DELETE", collection + "/" + name, "");
                };
        // The answer to a deletion is a Status, which names no revision.
        boolean object = answer.body().path("kind").asText().equals("ConfigMap");
        if (answer.code() / 100 == 2 && object) {
            acknowledge(answer);
        } else if (answer.code() != 404 && answer.code() != 409 && answer.code() / 100 != 2) {
            failed(server, "answered " + answer.code() + " " + answer.body(), false);
        }
    }

    /** One increment, however often somebody else is faster. */
    private void count(int server) throws IOException, InterruptedException {
        String path = collection + "/counter";
        while (!stopped) {
            Servers.Answer found = send(server, "GET", path, "");
            if (found.code() != 200) {
                failed(server, "answered " + found.code() + " " + found.body(), false);
                return;
            }
            ObjectNode counter = (ObjectNode) found.body();
            ObjectNode data = counter.withObject("/data");
            data.put("n", String.valueOf(Integer.parseInt(data.path("n").asText()) + 1));
            Servers.Answer answer = send(server, "PUT", path, counter.toString());
            if (answer.code() == 200) {
                acknowledge(answer);
                increment();
                return;
            }
            if (answer.code() != 409) {
                failed(server, "answered " + answer.code() + " " + answer.body(), true);
                return;
            }
        }
    }

    private synchronized void acknowledge(Servers.Answer answer) {
        acknowledged.add(answer.body().at("/metadata/resourceVersion").asText() + " "
                + answer.body().at("/metadata/name").asText());
    }

    private synchronized void increment() {
        counted++;
    }

    private synchronized void failed(int server, String what, boolean perhapsCounted) {
        failures.add(new Failure(server, System.nanoTime(), what));
        unknown += perhapsCounted ? 1 : 0;
    }

    private synchronized void slowest(long nanos) {
        slowestNanos = Math.max(slowestNanos, nanos);
    }
}
