package dev.keelson.bench.store;

import dev.keelson.bench.HttpConnection;
import dev.keelson.bench.Target;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client that writes one object, some times a second, and watches it: what others do to the server it feels. */
final class Bystander implements AutoCloseable {
    private static final String PATH = "/api/v1/namespaces/default/configmaps";
    private static final int RATE = 20;
    private static final int MOST_SECONDS = 120;

    private record Arrival(String text, long at) {}

    private final HttpConnection writes;
    private final HttpConnection watch;
    private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
    private long number;

    Bystander(Target target) throws IOException {
        writes = new HttpConnection(target.config());
        watch = new HttpConnection(target.config());
        // It may be there from an earlier run.
        writes.send("POST", PATH, body());
        put();
        watch.open(PATH + "?watch=1&fieldSelector=metadata.name%3Dbystander");
        Thread.ofPlatform().daemon().start(this::listen);
        arrival();
    }

    /** Writes as many times, each after the last one's event has come, and says how long both took. */
    void measure(String when, int times) throws IOException {
        Latencies answered = new Latencies(times);
        Latencies seen = new Latencies(times);
        long begin = System.nanoTime();
        for (int i = 0; i < times; i++) {
            pause(begin + i * 1_000_000_000L / RATE - System.nanoTime());
            long start = System.nanoTime();
            put();
            answered.add(System.nanoTime() - start);
            seen.add(arrival() - start);
        }
        System.out.println(Latencies.line(answered.sample("a write, " + when)));
        System.out.println(Latencies.line(seen.sample("until its event, " + when)));
    }

    private void put() throws IOException {
        int status = writes.send("PUT", PATH + "/bystander", body());
        if (status != 200) {
            throw new IOException("a write was answered " + status);
        }
    }

    private static void pause(long nanos) {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while measuring", e);
        }
    }

    private long arrival() throws IOException {
        String wanted = "\"n\":\"" + number + "\"";
        try {
            for (Arrival next = take(); ; next = take()) {
                if (next.text().contains(wanted)) {
                    return next.at();
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while measuring", e);
        }
    }

    private Arrival take() throws InterruptedException, IOException {
        Arrival next = arrivals.poll(MOST_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
            throw new IOException("no event of write %d in %d s".formatted(number, MOST_SECONDS));
        }
        return next;
    }

    private void listen() {
        try {
            while (true) {
                String text = watch.chunk();
                arrivals.add(new Arrival(text, System.nanoTime()));
            }
        } catch (IOException e) {
            arrivals.add(new Arrival("the watch ended: " + e.getMessage(), System.nanoTime()));
        }
    }

    private String body() {
        number++;
        return String.format(
                Locale.ROOT,
                "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"bystander\"},"
                        + "\"data\":{\"n\":\"%d\",\"padding\":\"%s\"}}",
                number,
                "x".repeat(2_000));
    }

    @Override
    public void close() throws IOException {
        writes.close();
        watch.close();
    }
}
