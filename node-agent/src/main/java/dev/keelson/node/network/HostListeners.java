package dev.keelson.node.network;

import dev.keelson.cni.driver.PortBinding;
import dev.keelson.linux.net.Ipv4;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What processes of this machine listen on, as proc(5) tells it ({@code /proc/net/tcp} and its kin). A host port goes before
 * whoever listens on the port itself, so a pod that asks for the API server's would cut off the node and its administrators.
 */
final class HostListeners {
    private static final String ANY = "0.0.0.0";
    private static final String LISTENING = "0A";
    /** Of UDP: a socket that takes packets from anybody. */
    private static final String UNCONNECTED = "07";

    private static final int LOCAL_ADDRESS = 1;
    private static final int STATE = 3;
    private static final String NO_IPV6 = "0".repeat(32);
    private static final String MAPPED_IPV4 = "0000000000000000FFFF0000";
    private static final int IPV4_DIGITS = 8;

    private final Path directory;

    /** @param directory {@code /proc/self/net} or what looks like it; without files nobody listens */
    HostListeners(Path directory) {
        this.directory = directory;
    }

    static HostListeners ofThisMachine() {
        return new HostListeners(Path.of("/proc/self/net"));
    }

    /** The address and port that a process listens on and that the binding would take from it. */
    Optional<String> takenFrom(PortBinding binding) {
        List<String> files =
                switch (binding.protocol()) {
                    case TCP -> List.of("tcp", "tcp6");
                    case UDP -> List.of("udp", "udp6");
                    case ICMP, SCTP -> List.of();
                };
        return files.stream()
                .flatMap(this::listeners)
                .filter(listener -> listener.port() == binding.hostPort())
                .filter(listener -> listener.meets(binding.hostAddress()))
                .map(listener -> listener.address() + ":" + listener.port())
                .findFirst();
    }

    private Stream<Listener> listeners(String file) {
        String state = file.startsWith("tcp") ? LISTENING : UNCONNECTED;
        return lines(file).stream()
                .skip(1)
                .map(line -> line.strip().split("\\s+"))
                .filter(words -> words.length > STATE && words[STATE].equals(state))
                .flatMap(words -> listener(words[LOCAL_ADDRESS]).stream());
    }

    private List<String> lines(String file) {
        try {
            return Files.readAllLines(directory.resolve(file));
        } catch (IOException absent) {
            return List.of(); // A kernel without IPv6 has no such file.
        }
    }

    /** Host ports are of IPv4; what listens on one address of IPv6 alone loses nothing to them. */
    private static Optional<Listener> listener(String written) {
        int colon = written.indexOf(':');
        String address = written.substring(0, colon);
        int port = Integer.parseInt(written.substring(colon + 1), 16);
        if (address.equals(NO_IPV6)) {
            return Optional.of(new Listener(ANY, port));
        }
        boolean ipv4 = address.length() == IPV4_DIGITS || address.startsWith(MAPPED_IPV4);
        return ipv4
                ? Optional.of(new Listener(dotted(address.substring(address.length() - IPV4_DIGITS)), port))
                : Optional.empty();
    }

    /** The kernel writes the four bytes as one number of this machine, which has the lowest first. */
    private static String dotted(String digits) {
        long number = Long.parseLong(digits, 16);
        return "%d.%d.%d.%d".formatted(number & 0xff, number >> 8 & 0xff, number >> 16 & 0xff, number >> 24);
    }

    private record Listener(String address, int port) {
        boolean meets(Optional<Ipv4> wanted) {
            return address.equals(ANY)
                    || wanted.map(Ipv4::toString).map(address::equals).orElse(true);
        }
    }
}
