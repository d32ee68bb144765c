package dev.keelson.cli.cluster;

import dev.keelson.cli.CliException;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What the set-up of a cluster needs to know of this machine's network. */
public final class HostNetwork {
    private static final int CANDIDATES = 32;

    private HostNetwork() {}

    /** Two /16 ranges that nothing on this machine uses. */
    public record Ranges(String pods, String services) {}

    public static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname"))
                    .strip()
                    .toLowerCase(Locale.ROOT);
        } catch (IOException e) {
            throw new CliException("cannot read the host name: " + e.getMessage() + "; give --node-name", e);
        }
    }

    /** The address that this machine uses towards others; loopback when it has no route. Sends nothing. */
    public static String primaryAddress() {
        try (DatagramSocket socket = new DatagramSocket()) {
            // Connecting a datagram socket only looks up the route; 192.0.2.1 is reserved for documentation.
            socket.connect(new InetSocketAddress(InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1}), 9));
            InetAddress address = socket.getLocalAddress();
            return address instanceof Inet4Address && !address.isAnyLocalAddress()
                    ? address.getHostAddress()
                    : "127.0.0.1";
        } catch (SocketException | UnknownHostException | java.io.UncheckedIOException noRoute) {
            return "127.0.0.1";
        }
    }

    /** Starts at a place that depends on the cluster's name, so that two clusters seldom even try the same. */
    public static Ranges freeRanges(String cluster) {
        Set<Integer> used = usedSecondOctets();
        for (int i = 0; i < CANDIDATES; i++) {
            int octet = 64 + 2 * Math.floorMod(cluster.hashCode() + i, CANDIDATES);
            if (!used.contains(octet) && !used.contains(octet + 1)) {
                return new Ranges("10." + octet + ".0.0/16", "10." + (octet + 1) + ".0.0/16");
            }
        }
        throw new CliException("every range from 10.64.0.0/16 to 10.127.0.0/16 is in use on this machine");
    }

    /** Fails with the remedy when the unprivileged API server could not listen on the port. */
    public static void requireUsable(int port) {
        int firstUnprivileged = firstUnprivilegedPort();
        if (port < firstUnprivileged) {
            throw new CliException(
                    "--https-port %d is kept for privileged programs, and the API server runs without privileges: choose %d or above"
                            .formatted(port, firstUnprivileged));
        }
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(port));
        } catch (IOException e) {
            throw new CliException("port %d is in use%s: end that process or choose another port with --https-port"
                    .formatted(
                            port,
                            ListeningPorts.owner(port).map(o -> " by " + o).orElse("")));
        }
    }

    private static int firstUnprivilegedPort() {
        try {
            return Integer.parseInt(Files.readString(Path.of("/proc/sys/net/ipv4/ip_unprivileged_port_start"))
                    .strip());
        } catch (IOException e) {
            throw new CliException("cannot read this machine's port settings: " + e.getMessage(), e);
        }
    }

    private static Set<Integer> usedSecondOctets() {
        Set<Integer> used = new HashSet<>();
        try {
            for (NetworkInterface nic : NetworkInterface.networkInterfaces().toList()) {
                for (InterfaceAddress address : nic.getInterfaceAddresses()) {
                    addTen(used, address.getAddress().getAddress());
                }
            }
            List<String> routes = Files.readAllLines(Path.of("/proc/net/route"));
            for (String route : routes.subList(1, routes.size())) {
                long little = Long.parseLong(route.split("\t")[1], 16);
                addTen(used, new byte[] {(byte) little, (byte) (little >> 8), 0, 0});
            }
        } catch (IOException e) {
            throw new CliException("cannot read this machine's addresses and routes: " + e.getMessage(), e);
        }
        return used;
    }

    private static void addTen(Set<Integer> used, byte[] address) {
        if (address.length == 4 && address[0] == 10) {
            used.add(address[1] & 0xff);
        }
    }
}
