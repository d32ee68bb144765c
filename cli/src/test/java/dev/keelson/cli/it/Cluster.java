package dev.keelson.cli.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A real one-node cluster in a directory of its own, brought up and taken down with the command that users have. */
final class Cluster implements AutoCloseable {
    private static final String SHELL = """
            apiVersion: v1
            kind: Pod
            metadata: {name: shell, labels: {app: shell}}
            spec:
              terminationGracePeriodSeconds: 1
              containers:
              - name: shell
                image: keelson.dev/test/busybox:1
                command: ["sh", "-c", "echo started; while true; do echo hello | nc -l -p 9000; done"]
            """;

    private final Path directory;
    private final String name;
    private final int port;

    private Cluster(Path directory, String name, int port) {
        this.directory = directory;
        this.name = name;
        this.port = port;
    }

    static Cluster up(String... files) {
        Cluster cluster = named();
        return cluster.started(() -> cluster.upAgain(files));
    }

    /** With busybox on the node, as {@code keelson.dev/test/busybox:1}. */
    static Cluster withBusybox(String... files) {
        Cluster cluster = named();
        return cluster.started(() -> {
            cluster.upAgain(files).ok();
            return cluster.keelson("image", "load", BusyboxImage.archive().toString());
        });
    }

    /** An API server without a node, of a new cluster or, with a join token, of the one in the database. */
    static Cluster server(List<String> options) {
        Cluster server = named();
        List<String> words = new ArrayList<>(List.of("up", "--server-only", "--node-name", "host-" + server.name));
        words.addAll(List.of("--https-port", String.valueOf(server.port)));
        words.addAll(options);
        return server.started(() -> server.keelson(words.toArray(String[]::new)));
    }

    private static Cluster named() {
        String name =
                "it-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
        return new Cluster(Path.of("/tmp", name), name, freePort());
    }

    private Cluster started(Supplier<Shell.Result> up) {
        try {
            up.get().ok();
        } catch (Throwable failed) {
            try {
                System.err.println(allLogs());
                close();
            } catch (RuntimeException | AssertionError alsoFailed) {
                failed.addSuppressed(alsoFailed);
            }
            throw failed;
        }
        return this;
    }

    Path directory() {
        return directory;
    }

    String name() {
        return name;
    }

    int port() {
        return port;
    }

    /** {@code up} on this cluster's directory, whatever state it is in. */
    Shell.Result upAgain(String... files) {
        List<String> words = new ArrayList<>(
                List.of("up", "--cluster", name, "--https-port", String.valueOf(port), "--node-name", "node-" + name));
        for (String file : files) {
            words.addAll(List.of("-f", file));
        }
        return keelson(words.toArray(String[]::new));
    }

    Shell.Result keelson(String... words) {
        List<String> command =
                new ArrayList<>(List.of(Shell.repository().resolve("keelson").toString()));
        command.addAll(List.of(words));
        return Shell.run(Map.of("KEELSON_DATA_DIR", directory.toString()), "", command);
    }

    Shell.Result kubectl(String... words) {
        return kubectlWith("", words);
    }

    Shell.Result kubectlWith(String input, String... words) {
        List<String> command = new ArrayList<>(List.of("kubectl"));
        command.addAll(List.of(words));
        return Shell.run(Map.of("KUBECONFIG", directory.resolve("kubeconfig").toString()), input, command);
    }

    /** Makes a pod and waits until it is Ready. */
    void run(String pod, String yaml) {
        kubectlWith(yaml, "apply", "-f", "-").ok();
        kubectl("wait", "--for=condition=Ready", "pod/" + pod, "--timeout=60s").ok();
    }

    /** A pod {@code shell} that has said "started" and answers "hello" on port 9000. */
    void runShell() {
        run("shell", SHELL);
    }

    String jsonPath(String path, String... what) {
        List<String> words = new ArrayList<>(List.of("get"));
        words.addAll(List.of(what));
        words.addAll(List.of("-o", "jsonpath=" + path));
        return kubectl(words.toArray(String[]::new)).ok();
    }

    /** Process id of a role, as {@code run/ROLE.pid} has it. */
    long pid(String role) {
        try {
            return Long.parseLong(Files.readString(directory.resolve("run").resolve(role + ".pid"))
                    .split(" ")[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends a role as a crash would, and waits until the supervisor has started it again. */
    void kill(String role) {
        long before = pid(role);
        Shell.run(Map.of(), "", List.of("kill", "-9", String.valueOf(before))).ok();
        Shell.await(role + " runs again", Duration.ofSeconds(20), () -> {
            try {
                return pid(role) != before;
            } catch (UncheckedIOException between) {
                return false;
            }
        });
    }

    void awaitReady() {
        Shell.await(
                "node is Ready", Duration.ofSeconds(60), () -> keelson("status").code() == 0);
    }

    /** What this cluster still has on the machine: processes, mounts, interfaces, cgroups, nftables. */
    List<String> leftovers() {
        List<String> found = new ArrayList<>();
        try (Stream<String> mounts = Files.lines(Path.of("/proc/mounts"))) {
            mounts.filter(line -> line.contains(directory + "/")).forEach(line -> found.add("mount " + line));
            try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
                processes
                        .filter(p -> p.getFileName().toString().matches("\\d+"))
                        .filter(this::belongsHere)
                        .forEach(p -> found.add("process " + p.getFileName()));
            }
            try (Stream<Path> groups = Files.find(
                    Path.of("/sys/fs/cgroup"),
                    3,
                    (p, a) -> a.isDirectory() && p.toString().contains(name))) {
                groups.forEach(p -> found.add("cgroup " + p));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Shell.run(Map.of(), "", List.of("nft", "list", "tables"))
                .out()
                .lines()
                .filter(line -> line.contains(name))
                .forEach(line -> found.add("nft " + line));
        return found;
    }

    private boolean belongsHere(Path process) {
        try {
            return Files.readString(process.resolve("cmdline")).contains(directory.toString());
        } catch (IOException gone) {
            return false;
        }
    }

    String allLogs() {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> logs = Files.list(directory.resolve("logs"))) {
            for (Path log : logs.sorted().toList()) {
                text.append("== ").append(log).append('\n');
                List<String> lines = Files.readAllLines(log);
                lines.subList(Math.max(0, lines.size() - 60), lines.size())
                        .forEach(line -> text.append(line).append('\n'));
            }
        } catch (IOException e) {
            text.append(e);
        }
        return text.toString();
    }

    @Override
    public void close() {
        Shell.Result down = keelson("down", "--pods");
        List<String> left = leftovers();
        delete();
        down.ok();
        if (!left.isEmpty()) {
            throw new AssertionError("left on the machine after down --pods: " + left);
        }
    }

    private void delete() {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
