package dev.keelson.node.runtime.engine;

import dev.keelson.linux.FileLocks;
import dev.keelson.linux.LinuxException;
import dev.keelson.linux.Poller;
import dev.keelson.linux.Processes;
import dev.keelson.linux.SeqpacketSocket;
import dev.keelson.node.NodeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** The agent's side of one pod's supervisor: short requests, and one conversation that brings its events. */
final class Supervisor implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Supervisor.class.getName());
    private static final List<String> NAMESPACES = List.of("net", "user", "ipc", "uts", "pidns");
    private static final Duration FOREVER = Duration.ofDays(365);
    private static final Duration SETTLING = Duration.ofSeconds(10);
    private static final Duration SETTLING_PAUSE = Duration.ofMillis(2);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path directory;
    private final Poller poller;
    private final SeqpacketSocket events;
    private final int pid;
    private final Map<String, Integer> descriptors;
    private final boolean watched;

    /** @param watched whether it sends its events already */
    private Supervisor(
            Path directory, Poller poller, SeqpacketSocket events, Map<String, String> state, boolean watched) {
        this.directory = directory;
        this.poller = poller;
        this.events = events;
        this.watched = watched;
        this.pid = Integer.parseInt(state.get("pid"));
        this.descriptors = new HashMap<>();
        for (String namespace : NAMESPACES) {
            descriptors.put(namespace, Integer.parseInt(state.getOrDefault(namespace, "-1")));
        }
    }

    /**
     * Takes over the conversation in which the supervisor was made.
     *
     * @param state what it has written into the file of that name
     */
    static Supervisor of(Path directory, SeqpacketSocket conversation, String state, Poller poller) {
        return new Supervisor(directory, poller, conversation, values(state), true);
    }

    /**
     * Finds the supervisor of a sandbox that another agent process made; empty when it is gone. One that holds the
     * sandbox's lock but does not answer yet, or is about to end, is waited for.
     */
    static Optional<Supervisor> find(Path directory, Poller poller) {
        long deadline = System.nanoTime() + SETTLING.toNanos();
        while (true) {
            Optional<Supervisor> found = tryFind(directory, poller);
            boolean settled = found.isPresent() || !FileLocks.held(directory.resolve("lock"));
            if (settled || System.nanoTime() > deadline) {
                return found;
            }
            LockSupport.parkNanos(SETTLING_PAUSE.toNanos());
        }
    }

    private static Optional<Supervisor> tryFind(Path directory, Poller poller) {
        Optional<Map<String, String>> state = state(directory);
        boolean alive = state.filter(values -> Processes.alive(
                        Integer.parseInt(values.getOrDefault("pid", "0")),
                        Long.parseLong(values.getOrDefault("ticks", "0"))))
                .isPresent();
        if (!alive) {
            return Optional.empty();
        }
        try {
            SeqpacketSocket conversation = SeqpacketSocket.connect(directory, "sock", poller);
            return Optional.of(new Supervisor(directory, poller, conversation, state.get(), false));
        } catch (LinuxException e) {
            return Optional.empty();
        }
    }

    private static Optional<Map<String, String>> state(Path directory) {
        try {
            Map<String, String> values = values(Files.readString(directory.resolve("state")));
            return values.containsKey("net") ? Optional.of(values) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Map<String, String> values(String state) {
        Map<String, String> values = new HashMap<>();
        for (String line : state.split("\n")) {
            int equals = line.indexOf('=');
            values.put(line.substring(0, Math.max(0, equals)), line.substring(equals + 1));
        }
        return values;
    }

    Path networkNamespace() {
        return namespace("net").orElseThrow();
    }

    /** @param name net, user, ipc, uts or pidns; empty where the pod has none of its own */
    Optional<Path> namespace(String name) {
        int descriptor = descriptors.get(name);
        return descriptor < 0 ? Optional.empty() : Optional.of(Path.of("/proc/" + pid + "/fd/" + descriptor));
    }

    /** From now on passes events on, on a thread of its own, and says at the end that the supervisor is gone. */
    void watch(Consumer<Reply> onEvent, Runnable onGone) {
        try {
            if (!watched) {
                events.send(Reply.request("watch"));
            }
        } catch (LinuxException gone) {
            // It died after its first answer. The thread finds the conversation closed and says so, as at any later
            // time.
            LOG.log(System.Logger.Level.DEBUG, "supervisor gone reason={0}", gone.getMessage());
        }
        Thread.ofVirtual().name("supervisor " + directory.getFileName()).start(() -> {
            for (Reply event = next(); !event.closed(); event = next()) {
                onEvent.accept(event);
            }
            onGone.run();
        });
    }

    private Reply next() {
        return Reply.of(events.receive(FOREVER));
    }

    /**
     * Has it make a container up to its program, while we go on. Nothing is answered: what goes wrong is said when the
     * container is started, which also makes what was not prepared.
     */
    void prepare(String container) {
        try {
            events.send(Reply.request("prepare", container));
        } catch (LinuxException gone) {
            LOG.log(System.Logger.Level.DEBUG, "not prepared container={0} reason={1}", container, gone.getMessage());
        }
    }

    /** Asks one thing and waits for the answer. */
    Reply request(String... words) {
        try (SeqpacketSocket conversation = converse()) {
            conversation.send(Reply.request(words));
            return Reply.of(conversation.receive(PATIENCE));
        } catch (LinuxException e) {
            throw Failures.transientFailure("supervisor of sandbox " + directory.getFileName() + ": " + e.getMessage());
        }
    }

    /** Has it kill its containers and end; when this answers true, its process is gone. */
    boolean end() {
        try (SeqpacketSocket conversation = converse()) {
            conversation.send(Reply.request("end"));
            boolean ended = Reply.of(conversation.receive(PATIENCE)).is("ok");
            return ended && Reply.of(conversation.receive(PATIENCE)).closed();
        } catch (LinuxException | NodeException e) {
            return false;
        }
    }

    /** A conversation of its own, for what lasts. */
    SeqpacketSocket converse() {
        try {
            return SeqpacketSocket.connect(directory, "sock", poller);
        } catch (LinuxException e) {
            throw Failures.transientFailure("the supervisor does not answer: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        events.close();
    }
}
