package dev.keelson.node.runtime.engine;

import dev.keelson.linux.Cgroups;
import dev.keelson.linux.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A place of its own for the real engine, with a layer made of Debian's static busybox; takes everything away. */
final class EngineFixture implements AutoCloseable {
    private static final Path BUSYBOX = Path.of("/bin/busybox");
    private static final Path LAUNCHER = Path.of("target/keelson-launcher").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final List<String> PROGRAMS = List.of(
            "sh",
            "ls",
            "cat",
            "id",
            "mount",
            "umount",
            "sleep",
            "ps",
            "hostname",
            "echo",
            "env",
            "stty",
            "head",
            "tail",
            "wc",
            "touch",
            "rm",
            "ln",
            "dd",
            "nc",
            "kill",
            "seq",
            "yes",
            "mkdir",
            "tty",
            "test",
            "true",
            "unshare",
            "httpd",
            "stat",
            "readlink",
            "ip",
            "mknod",
            "chown",
            "chmod",
            "awk",
            "grep",
            "cut",
            "trap",
            "su",
            "timeout");

    final Path root;
    final EngineSettings settings;
    final Path layer;

    EngineFixture(Path root) throws IOException {
        this.root = root;
        layer = layer(root.resolve("layer"));
        settings = settings(10 << 20, 5);
    }

    EngineSettings settings(long logBytes, int logFiles) {
        return new EngineSettings(
                root.resolve("run"),
                LAUNCHER,
                "keelson-it-" + UUID.randomUUID().toString().substring(0, 8),
                root.resolve("ids"),
                logBytes,
                logFiles);
    }

    LauncherRuntime open() {
        return LauncherRuntime.open(settings, Clock.systemUTC());
    }

    /** The command of a {@link CrashVictim} over this place. */
    List<String> victim(String play) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + root,
                "-cp",
                System.getProperty("java.class.path"),
                CrashVictim.class.getName(),
                root.toString(),
                settings.launcher().toString(),
                settings.cgroupParent(),
                play);
    }

    private static Path layer(Path directory) throws IOException {
        if (!Files.isExecutable(BUSYBOX)) {
            throw new IOException("these tests need a static busybox: apt-get install busybox-static");
        }
        Path bin = Files.createDirectories(directory.resolve("bin"));
        Files.copy(BUSYBOX, bin.resolve("busybox"));
        for (String program : PROGRAMS) {
            Files.createSymbolicLink(bin.resolve(program), Path.of("busybox"));
        }
        Path etc = Files.createDirectories(directory.resolve("etc"));
        Files.writeString(etc.resolve("passwd"), "root:x:0:0:root:/root:/bin/sh\nbob:x:1000:1001::/home/bob:/bin/sh\n");
        Files.writeString(etc.resolve("group"), "root:x:0:\nbob:x:1001:\nstaff:x:50:bob\n");
        Path tmp = Files.createDirectories(directory.resolve("tmp"));
        Files.setPosixFilePermissions(tmp, PosixFilePermissions.fromString("rwxrwxrwx"));
        return directory;
    }

    /** Polls until the condition holds or fails the test. */
    static void await(BooleanSupplier condition) {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(deadline)) {
                throw new AssertionError("did not come true within " + PATIENCE);
            }
            LockSupport.parkNanos(2_000_000);
        }
    }

    /** Pids of those of {@link #keepers} that have this name: {@code keelson-launch} or {@code keelson-pod}. */
    List<Integer> keepers(String name) {
        return keepers().stream().filter(pid -> command(pid).equals(name)).toList();
    }

    private static String command(int pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/comm")).strip();
        } catch (IOException gone) {
            return "";
        }
    }

    /** Pids of launcher and supervisors: they joined the group of supervisors. */
    List<Integer> keepers() {
        Cgroups cgroups = Cgroups.detect();
        Path directory =
                cgroups.directories(settings.cgroupParent() + "/supervisors").getFirst();
        try {
            return Files.readAllLines(directory.resolve("cgroup.procs")).stream()
                    .map(Integer::parseInt)
                    .filter(pid -> Processes.startTicks(pid).isPresent())
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Whatever a failed test has left: supervisors, containers, groups. */
    @Override
    public void close() {
        Cgroups cgroups = Cgroups.detect();
        cgroups.kill(settings.cgroupParent());
        await(() -> cgroups.remove(settings.cgroupParent()));
    }
}
