package dev.keelson.node.stats;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What an interface has carried since it was made. */
public record NetworkUse(
        String name,
        long receivedBytes,
        long receivedPackets,
        long receiveErrors,
        long receiveDropped,
        long sentBytes,
        long sentPackets,
        long sendErrors,
        long sendDropped) {
    private static final int NUMBERS = 12;

    /** Interfaces in the network namespace of a process, loopback left out; none when the process is gone. */
    static List<NetworkUse> of(long pid) {
        try {
            return parse(Files.readAllLines(Path.of("/proc/" + pid + "/net/dev")));
        } catch (IOException gone) {
            return List.of();
        }
    }

    /** @param lines as of {@code /proc/net/dev}, proc(5) */
    static List<NetworkUse> parse(List<String> lines) {
        return lines.stream()
                .map(NetworkUse::parse)
                .flatMap(Optional::stream)
                .filter(use -> !use.name.equals("lo"))
                .toList();
    }

    private static Optional<NetworkUse> parse(String line) {
        String[] halves = line.split(":", 2);
        String[] n = halves.length < 2 ? new String[0] : halves[1].strip().split("\\s+");
        return n.length < NUMBERS
                ? Optional.empty()
                : Optional.of(new NetworkUse(
                        halves[0].strip(),
                        Long.parseLong(n[0]),
                        Long.parseLong(n[1]),
                        Long.parseLong(n[2]),
                        Long.parseLong(n[3]),
                        Long.parseLong(n[8]),
                        Long.parseLong(n[9]),
                        Long.parseLong(n[10]),
                        Long.parseLong(n[11])));
    }
}
