package dev.keelson.node.runtime.seccomp;

import dev.keelson.node.NodeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Numbers of system calls by architecture and name. They come from the launcher, which was built with the kernel's
 * headers for this machine.
 *
 * @param architectures the machine's own first
 * @param refused calls that the engine's default filter refuses, with the capability that makes an exception or -1
 */
public record SyscallTable(
        List<Architecture> architectures,
        Map<Architecture, Map<String, Integer>> numbers,
        Map<String, Integer> refused) {
    private static final String REFUSED = "REFUSED ";

    /** A way of numbering calls, with the kernel's {@code AUDIT_ARCH_*} and the profile's name for it. */
    public enum Architecture {
        X86_64(0xC000003E, "SCMP_ARCH_X86_64"),
        I386(0x40000003, "SCMP_ARCH_X86"),
        AARCH64(0xC00000B7, "SCMP_ARCH_AARCH64");

        private final int audit;
        private final String profileName;

        Architecture(int audit, String profileName) {
            this.audit = audit;
            this.profileName = profileName;
        }

        int audit() {
            return audit;
        }

        String profileName() {
            return profileName;
        }
    }

    public SyscallTable {
        architectures = List.copyOf(architectures);
        numbers = Map.copyOf(numbers);
        refused = Map.copyOf(refused);
    }

    Architecture ofMachine() {
        return architectures.getFirst();
    }

    Optional<Integer> number(Architecture architecture, String name) {
        return Optional.ofNullable(numbers.get(architecture).get(name));
    }

    /** Asks the launcher. */
    public static SyscallTable of(Path launcher) {
        try {
            Process process = new ProcessBuilder(launcher.toString(), "syscalls").start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return parse(text.lines().toList());
        } catch (IOException failure) {
            throw new NodeException(
                    NodeException.Kind.INTERNAL,
                    "CreateContainerError",
                    "the launcher does not tell the numbers of system calls",
                    failure);
        }
    }

    /**
     * @param output {@code ARCHITECTURE NAME NUMBER}, those of the machine's own architecture first, and {@code REFUSED
     *     NAME CAPABILITY}
     */
    static SyscallTable parse(List<String> output) {
        List<String> lines =
                output.stream().filter(line -> !line.startsWith(REFUSED)).toList();
        Map<Architecture, Map<String, Integer>> numbers = new HashMap<>();
        List<Architecture> order = lines.stream()
                .map(line -> Architecture.valueOf(line.split(" ")[0]))
                .distinct()
                .toList();
        order.forEach(architecture -> numbers.put(architecture, new HashMap<>()));
        for (String line : lines) {
            String[] words = line.split(" ");
            numbers.get(Architecture.valueOf(words[0])).put(words[1], Integer.parseInt(words[2]));
        }
        Map<String, Integer> refused = new HashMap<>();
        output.stream()
                .filter(line -> line.startsWith(REFUSED))
                .map(line -> line.split(" "))
                .forEach(words -> refused.put(words[1], Integer.parseInt(words[2])));
        return new SyscallTable(order, numbers, refused);
    }
}
