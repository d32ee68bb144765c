package dev.keelson.apiserver.stream;

/**
 * Where a stream goes.
 *
 * @param description the other end in words for the client, such as {@code node "n1"}
 * @param pathAndQuery as it stands in the request line
 */
record Target(String description, String host, int port, boolean tls, String pathAndQuery) {
    Target at(String otherPathAndQuery) {
        return new Target(description, host, port, tls, otherPathAndQuery);
    }
}
