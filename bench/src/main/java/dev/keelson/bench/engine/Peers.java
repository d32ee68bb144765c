package dev.keelson.bench.engine;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The other container tools of this machine, each tried once; one that does not run is named with what it said. Open
 * file limits are set because their defaults lie above what this machine may allow.
 */
final class Peers implements AutoCloseable {
    private static final List<String> LIMITS = List.of("--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path bundle;
    private final Process legacy;
    private final List<Tool> usable = new ArrayList<>();

    Peers(Path directory) throws IOException {
        bundle = Files.createDirectories(directory.resolve("bundle"));
        IdleImage.unpack(bundle.resolve("rootfs"));
        // Debian's crun refuses a v2 tree beside v1 controllers: it gets a view of the machine without that tree.
        legacy = new ProcessBuilder(
                        "unshare",
                        "--mount",
                        "sh",
                        "-c",
                        // Its input ends with this program, however that ends.
                        "umount /sys/fs/cgroup/unified 2>/dev/null; echo ready; exec cat")
                .start();
        legacy.inputReader().readLine();
        writeBundle();
        oci("crun", legacyView("crun"));
        oci("runc", List.of("runc"));
        engine("podman", legacyView("podman"), LIMITS, "network none");
        engine("docker", List.of("docker"), List.of(), "network none");
    }

    List<Tool> usable() {
        return List.copyOf(usable);
    }

    private List<String> legacyView(String program) {
        return List.of("nsenter", "--mount=/proc/" + legacy.pid() + "/ns/mnt", "--", program);
    }

    private void writeBundle() throws IOException {
        Optional<String> writer =
                List.of("runc", "crun").stream().filter(Command::installed).findFirst();
        if (writer.isEmpty()) {
            return;
        }
        Command.timed(List.of(writer.get(), "spec", "--bundle", bundle.toString()));
        Path file = bundle.resolve("config.json");
        ObjectNode spec = (ObjectNode) JSON.readTree(file.toFile());
        ObjectNode process = (ObjectNode) spec.get("process");
        process.put("terminal", false).remove("rlimits");
        IdleImage.SLEEP.forEach(process.putArray("args")::add);
        JSON.writeValue(file.toFile(), spec);
    }

    private void oci(String name, List<String> program) {
        add(
                name,
                new Tool.CommandLine(
                        name + " run -d (no network, no overlay)",
                        Command.words(program, "run", "-d", "-b", bundle.toString(), "ID"),
                        Command.words(program, "exec", "ID", IdleImage.TRUE),
                        Command.words(program, "delete", "-f", "ID")));
    }

    private void engine(String name, List<String> program, List<String> flags, String what) throws IOException {
        if (Command.installed(name)) {
            Command.feed(Command.words(program, "import", "-", IdleImage.NAME), IdleImage.tar());
        }
        List<String> run = new ArrayList<>(Command.words(program, "run", "-d", "--name", "ID", "--network", "none"));
        run.addAll(flags);
        run.add(IdleImage.NAME);
        run.addAll(IdleImage.SLEEP);
        add(
                name,
                new Tool.CommandLine(
                        name + " run -d (" + what + ")",
                        run,
                        Command.words(program, "exec", "ID", IdleImage.TRUE),
                        Command.words(program, "rm", "-f", "ID")));
    }

    private void add(String program, Tool.CommandLine tool) {
        if (!Command.installed(program)) {
            System.out.println(program + ": not measured, it is not installed");
            return;
        }
        String id = "keelson-bench-try-" + program;
        Command.Result tried = Command.run(
                tool.start().stream().map(word -> word.equals("ID") ? id : word).toList());
        tool.remove(id);
        if (tried.code() == 0) {
            usable.add(tool);
        } else {
            System.out.println(program + ": not measured, it cannot run here: " + tried.output());
        }
    }

    @Override
    public void close() {
        legacy.destroyForcibly();
    }
}
