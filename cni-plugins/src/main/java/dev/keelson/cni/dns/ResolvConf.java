package dev.keelson.cni.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads which name servers a host uses (resolv.conf(5)). */
final class ResolvConf {
    private static final String KEYWORD = "nameserver";

    private ResolvConf() {}

    /** Name servers in the order of the file; none when it cannot be read. */
    static List<InetAddress> nameServers(Path file) {
        try {
            return nameServers(Files.readAllLines(file));
        } catch (IOException absent) {
            return List.of();
        }
    }

    static List<InetAddress> nameServers(List<String> lines) {
        List<InetAddress> servers = new ArrayList<>();
        for (String line : lines) {
            String[] words = line.strip().split("\\s+");
            boolean literal = words.length >= 2 && words[0].equals(KEYWORD) && words[1].matches("[0-9a-fA-F.:%]+");
            if (literal) {
                try {
                    servers.add(InetAddress.getByName(words[1]));
                } catch (UnknownHostException notAnAddress) {
                    // A line that no resolver would understand either.
                }
            }
        }
        return servers;
    }
}
