package dev.keelson.cni.service;

import dev.keelson.linux.net.Cidr;

/**
 * What the plan for a node depends on beside the services.
 *
 * @param table name of the nftables table
 * @param bridge device that pods' packets come in by
 * @param services range of all cluster addresses
 */
public record NodeFacts(String nodeName, String table, String bridge, Cidr services) {}
