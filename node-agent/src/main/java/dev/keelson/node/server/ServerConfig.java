package dev.keelson.node.server;

import java.nio.file.Path;

/**
 * How the agent's HTTPS API is served.
 *
 * @param address to listen on
 * @param port 0 for a free one
 * @param certificateAuthority PEM file; only clients with a certificate of this authority get through the handshake
 */
public record ServerConfig(String address, int port, Path certificateAuthority, Path certificate, Path key) {}
