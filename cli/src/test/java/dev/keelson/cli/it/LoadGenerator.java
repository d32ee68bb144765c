package dev.keelson.cli.it;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** A few clients that send one request after the other, each on a connection of its own, and count every failure. */
final class LoadGenerator implements AutoCloseable {
    private static final int CLIENTS = 4;
    private static final long PAUSE_NANOS = 2_000_000;

    private final InetSocketAddress target;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicLong requests = new AtomicLong();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final ConcurrentMap<String, Long> answers = new ConcurrentHashMap<>();
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();

    LoadGenerator(String address, int port) {
        this.target = new InetSocketAddress(address, port);
        for (int i = 0; i < CLIENTS; i++) {
            clients.submit(this::sendUntilStopped);
        }
    }

    long requests() {
        return requests.get();
    }

    /** Requests that did not get a whole 200 answer, in the words of what went wrong. */
    Queue<String> failures() {
        return failures;
    }

    /** How often each body was answered. */
    Map<String, Long> answers() {
        return new TreeMap<>(answers);
    }

    private void sendUntilStopped() {
        while (!stopped.get()) {
            try {
                answers.merge(request(), 1L, Long::sum);
            } catch (IOException | RuntimeException e) {
                failures.add(java.time.Instant.now() + " " + e);
            }
            requests.incrementAndGet();
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private String request() throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(target, 5_000);
            socket.setSoTimeout(5_000);
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            String answer = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            if (!answer.startsWith("HTTP/1.1 200")) {
                throw new IOException("answered \"" + answer.lines().findFirst().orElse("") + "\"");
            }
            int body = answer.indexOf("\r\n\r\n");
            return answer.substring(body + 4).strip();
        }
    }

    @Override
    public void close() {
        stopped.set(true);
        clients.shutdown();
        try {
            if (!clients.awaitTermination(20, TimeUnit.SECONDS)) {
                throw new AssertionError("clients hang");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
