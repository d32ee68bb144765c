package dev.keelson.node.runtime.engine;

import dev.keelson.linux.Cgroups;
import dev.keelson.linux.LinuxException;
import dev.keelson.linux.Poller;
import dev.keelson.linux.SeqpacketSocket;
import dev.keelson.node.NodeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Finds the running launcher, or starts one; it outlives this process. */
final class Launcher {
    private static final System.Logger LOG = System.getLogger(Launcher.class.getName());
    private static final String PROTOCOL = "4";
    private static final String SOCKET = "launcher.sock";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int ATTEMPTS = 3;

    private final EngineSettings settings;
    private final Cgroups cgroups;
    private final Poller poller;
    private boolean checked;

    Launcher(EngineSettings settings, Cgroups cgroups, Poller poller) {
        this.settings = settings;
        this.cgroups = cgroups;
        this.poller = poller;
    }

    /**
     * Has a supervisor made for the sandbox directory.
     *
     * @param meanwhile is run once the launcher is at it
     */
    Supervisor startSandbox(Path directory, FutureTask<Void> meanwhile) {
        String what = "cannot create sandbox " + directory.getFileName();
        for (int attempt = 1; ; attempt++) {
            SeqpacketSocket conversation = connect();
            try {
                if (!sent(conversation, directory) && attempt < ATTEMPTS) {
                    conversation.close();
                    continue;
                }
                meanwhile.run();
                Reply reply = Reply.of(conversation.receive(PATIENCE));
                // A launcher that died in between has said nothing; a new one can do it.
                if (!reply.closed() || attempt == ATTEMPTS) {
                    String state = reply.orThrow("CreatePodSandboxError", what).word(1);
                    return Supervisor.of(directory, conversation, state, poller);
                }
                conversation.close();
            } catch (LinuxException e) {
                conversation.close();
                throw new NodeException(
                        NodeException.Kind.TRANSIENT, "CreatePodSandboxError", what + ": " + e.getMessage(), e);
            } catch (NodeException e) {
                conversation.close();
                throw e;
            }
        }
    }

    /** False when the launcher died before it took the request; then it has done nothing. */
    private static boolean sent(SeqpacketSocket conversation, Path directory) {
        try {
            conversation.send(Reply.request("sandbox", directory.toString()));
            return true;
        } catch (LinuxException gone) {
            LOG.log(System.Logger.Level.DEBUG, "launcher gone reason={0}", gone.getMessage());
            return false;
        }
    }

    /**
     * Waits until a launcher that runs has begun whatever an earlier agent asked it for, and replaces one of another
     * version.
     */
    synchronized void settle() {
        if (!checked) {
            replaceOutdated();
            checked = true;
        }
    }

    private synchronized SeqpacketSocket connect() {
        settle();
        try {
            return SeqpacketSocket.connect(settings.directory(), SOCKET, poller);
        } catch (LinuxException e) {
            start();
        }
        try {
            return SeqpacketSocket.connect(settings.directory(), SOCKET, poller);
        } catch (LinuxException e) {
            throw Failures.transientFailure("the container launcher does not answer: " + e.getMessage());
        }
    }

    /** A launcher of another version ends when asked; the supervisors that it made go on. */
    private void replaceOutdated() {
        try (SeqpacketSocket conversation = SeqpacketSocket.connect(settings.directory(), SOCKET, poller)) {
            conversation.send(Reply.request("version"));
            if (Reply.of(conversation.receive(PATIENCE)).word(1).equals(PROTOCOL)) {
                return;
            }
        } catch (LinuxException e) {
            return;
        }
        try (SeqpacketSocket conversation = SeqpacketSocket.connect(settings.directory(), SOCKET, poller)) {
            conversation.send(Reply.request("quit"));
            conversation.receive(PATIENCE);
        } catch (LinuxException e) {
            LOG.log(System.Logger.Level.DEBUG, "launcher gone reason={0}", e.getMessage());
        }
    }

    private void start() {
        String group = settings.cgroupParent() + "/supervisors";
        cgroups.create(group);
        List<String> command = new ArrayList<>(List.of(
                settings.launcher().toString(), "serve", settings.directory().toString()));
        cgroups.directories(group).forEach(directory -> command.add(directory.toString()));
        try {
            Path log = settings.directory().resolve("launcher.log");
            Process process = new ProcessBuilder(command)
                    .directory(settings.directory().toFile())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(log.toFile())
                    .start();
            boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (!ended || process.exitValue() != 0) {
                throw Failures.transientFailure("the container launcher does not start: "
                        + Files.readString(log, StandardCharsets.UTF_8).strip());
            }
            LOG.log(System.Logger.Level.INFO, "started launcher program={0}", settings.launcher());
        } catch (IOException e) {
            throw Failures.internal("cannot run the container launcher " + settings.launcher(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failures.transientFailure("interrupted while the container launcher was starting");
        }
    }

    /** Ends the launcher; for tests and for taking a node out of service. */
    void quit() {
        try (SeqpacketSocket conversation = SeqpacketSocket.connect(settings.directory(), SOCKET, poller)) {
            conversation.send(Reply.request("quit"));
            conversation.receive(PATIENCE);
        } catch (LinuxException e) {
            LOG.log(System.Logger.Level.DEBUG, "no launcher to end reason={0}", e.getMessage());
        }
    }
}
