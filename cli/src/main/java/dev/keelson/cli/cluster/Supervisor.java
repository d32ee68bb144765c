package dev.keelson.cli.cluster;

import dev.keelson.cli.CliException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The small native process that keeps the roles of one data directory running; see {@code supervisor.c}. */
public final class Supervisor {
    private static final int LOCKED = 3;

    private final DataDir directory;
    private final Path binary;

    public Supervisor(DataDir directory, Path binary) {
        this.directory = directory;
        this.binary = binary;
    }

    /**
     * One process to keep running.
     *
     * @param uid user to run as; 0 keeps root
     * @param stopSignal number of the signal that ends it gracefully
     * @param stopGrace how long it may take for that before it is killed
     * @param held whether it waits for {@link #startHeld}
     */
    public record Role(
            String name,
            int uid,
            int gid,
            int stopSignal,
            Duration stopGrace,
            boolean held,
            Path workingDir,
            List<String> command,
            Map<String, String> env) {}

    public record RoleState(String name, int pid, String state, int restarts) {
        public boolean stopped() {
            return state.equals("stopped");
        }

        public boolean running() {
            return state.equals("running");
        }
    }

    /** States of the roles; empty when no supervisor runs for this directory. */
    public Optional<List<RoleState>> status() {
        return request("status").map(answer -> answer.lines()
                .map(line -> line.split(" "))
                .map(f -> new RoleState(f[0], Integer.parseInt(f[1]), f[2], Integer.parseInt(f[3])))
                .toList());
    }

    /** Starts the supervisor with the roles; roles that still run from before are adopted. */
    public void start(List<Role> roles) {
        try {
            PrivateFiles.write(directory.run().resolve("roles"), describe(roles));
            Process process = new ProcessBuilder(
                            binary.toString(), directory.run().toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            int code = process.waitFor();
            if (code != 0 && code != LOCKED) {
                throw new CliException("cannot start the supervisor: " + said);
            }
        } catch (IOException e) {
            throw new CliException("cannot start " + binary + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted", e);
        }
    }

    /** Starts a role that was held back; does nothing when it runs. */
    public void startHeld(String role) {
        if (request("start " + role).isEmpty()) {
            throw new CliException(
                    "the supervisor of %s has ended; see %s".formatted(directory.root(), directory.logs()));
        }
    }

    /** Stops every role and the supervisor; does nothing when none runs. */
    public boolean stop() {
        return request("stop").isPresent();
    }

    private Optional<String> request(String words) {
        Path socket = directory.run().resolve("supervisor.sock");
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(ByteBuffer.wrap(words.getBytes(StandardCharsets.UTF_8)));
            return Optional.of(new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException nobodyListens) {
            return Optional.empty();
        }
    }

    private String describe(List<Role> roles) {
        StringBuilder text = new StringBuilder();
        for (Role role : roles) {
            text.append("role ").append(role.name()).append('\n');
            text.append("uid ")
                    .append(role.uid())
                    .append("\ngid ")
                    .append(role.gid())
                    .append('\n');
            text.append("stop ").append(role.stopSignal()).append('\n');
            text.append("grace ").append(role.stopGrace().toMillis()).append('\n');
            if (role.held()) {
                text.append("held yes\n");
            }
            text.append("dir ").append(role.workingDir()).append('\n');
            text.append("log ").append(directory.log(role.name())).append('\n');
            role.env().forEach((name, value) -> text.append("env ")
                    .append(name)
                    .append('=')
                    .append(value)
                    .append('\n'));
            role.command().forEach(word -> text.append("arg ").append(word).append('\n'));
        }
        return text.toString();
    }
}
