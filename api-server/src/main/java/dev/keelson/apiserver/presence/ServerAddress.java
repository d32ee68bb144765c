package dev.keelson.apiserver.presence;

import java.util.Comparator;
import java.util.Optional;

/** Where one API server is reached, as {@code 10.0.0.5:6443}. */
public record ServerAddress(String host, int port) implements Comparable<ServerAddress> {
    private static final Comparator<ServerAddress> ORDER =
            Comparator.comparingInt(ServerAddress::port).thenComparing(ServerAddress::host);

    /** Empty when the text is no address, as in a lease that somebody else wrote. */
    static Optional<ServerAddress> parse(String text) {
        int colon = text.lastIndexOf(':');
        boolean numbered = colon > 0 && text.substring(colon + 1).matches("\\d{1,5}");
        return numbered
                ? Optional.of(new ServerAddress(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1))))
                : Optional.empty();
    }

    /** The name of the lease that this server renews; a DNS label, one for each address. */
    String leaseName() {
        return "apiserver-" + host.replace('.', '-') + "-" + port;
    }

    @Override
    public int compareTo(ServerAddress other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
