package dev.keelson.node;

import dev.keelson.linux.Cgroups;
import dev.keelson.linux.Mounts;
import dev.keelson.linux.Processes;
import dev.keelson.node.network.PodNetworkStack;
import dev.keelson.node.runtime.engine.EngineSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Takes from a node what a reset of its machine takes: processes, groups, mounts, links, rules and what lies in /run. Files on
 * disks stay, and speak of an earlier boot. No agent may be running.
 */
final class Reboot {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String EARLIER_BOOT = "00000000-1111-2222-3333-444444444444";

    private Reboot() {}

    /** @param stranger a process that was given the ids of those that ran before */
    static void of(AgentConfig config, Process stranger) throws IOException {
        Path data = config.dataDir().toAbsolutePath();
        EngineSettings settings = EngineSettings.of(config);
        endProcesses(settings.cgroupParent());
        Mounts.below(data).forEach(Mounts::unmount);
        loseNetwork(config, data.resolve("node/network"));
        for (Path claim : files(settings.idRanges(), Files::isSymbolicLink)) {
            if (Files.readSymbolicLink(claim).startsWith(data)) {
                Files.delete(claim);
            }
        }
        for (Path file : files(settings.directory().resolve("pods"))) {
            age(file, stranger);
        }
    }

    private static void endProcesses(String group) {
        Cgroups cgroups = Cgroups.detect();
        // Supervisors first: they must not live to see how the containers end.
        cgroups.kill(group + "/supervisors");
        cgroups.kill(group);
        Deadline.await("no process is left", PATIENCE, () -> cgroups.remove(group));
    }

    /** Links and rules go; what was written about them stays. */
    private static void loseNetwork(AgentConfig config, Path state) throws IOException {
        Map<Path, byte[]> written = new HashMap<>();
        for (Path file : files(state)) {
            written.put(file, Files.readAllBytes(file));
        }
        PodNetworkStack.removeLeftovers(config.dataDir(), config.clusterName());
        for (Map.Entry<Path, byte[]> file : written.entrySet()) {
            Files.createDirectories(file.getKey().getParent());
            Files.write(file.getKey(), file.getValue());
        }
    }

    private static void age(Path file, Process stranger) throws IOException {
        switch (file.getFileName().toString()) {
            case "spec" -> replace(file, Processes.bootId(), EARLIER_BOOT);
            case "state", "status" -> {
                long ticks = Processes.startTicks((int) stranger.pid()).orElseThrow();
                replace(file, "(?m)^pid=[1-9]\\d*$", "pid=" + stranger.pid());
                replace(file, "(?m)^ticks=[1-9]\\d*$", "ticks=" + ticks);
            }
            default -> {}
        }
    }

    private static void replace(Path file, String pattern, String by) throws IOException {
        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        Files.write(file, text.replaceAll(pattern, by).getBytes(StandardCharsets.ISO_8859_1));
    }

    private static List<Path> files(Path directory) throws IOException {
        return files(directory, Files::isRegularFile);
    }

    private static List<Path> files(Path directory, Predicate<Path> kind) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(kind).toList();
        }
    }
}
