package dev.keelson.node.registration;

/**
 * Who this node is.
 *
 * @param ip address that the API server and other nodes reach it at
 * @param port of its HTTPS API
 */
public record NodeFacts(String name, String ip, int port) {}
