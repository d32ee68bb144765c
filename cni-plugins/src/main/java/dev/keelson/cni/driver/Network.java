package dev.keelson.cni.driver;

import dev.keelson.linux.net.Cidr;
import dev.keelson.linux.net.Ipv4;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The CNM network: one segment as it is on this node.
 *
 * @param cluster host-wide names are made from it, so that clusters on one machine do not meet
 * @param name of the segment within the cluster
 * @param addresses from which sandboxes get theirs; the first is the gateway's
 * @param services addresses that stand for services, reached through the gateway
 */
public record Network(String cluster, String name, Cidr addresses, Cidr services) {
    public static final String DEFAULT = "default";
    private static final int SMALLEST_PREFIX_WITH_ROOM = 29;

    public Network {
        if (addresses.prefix() > SMALLEST_PREFIX_WITH_ROOM) {
            throw new NetworkException(
                    NetworkException.Kind.INVALID,
                    "range %s of network %s is too small: /%d or larger"
                            .formatted(addresses, name, SMALLEST_PREFIX_WITH_ROOM));
        }
        if (addresses.overlaps(services)) {
            throw new NetworkException(
                    NetworkException.Kind.INVALID,
                    "network %s: pod range %s and service range %s overlap".formatted(name, addresses, services));
        }
    }

    /** The network that pods are on when they ask for no other. */
    public static Network ofCluster(String cluster, Cidr pods, Cidr services) {
        return new Network(cluster, DEFAULT, pods, services);
    }

    public Ipv4 gateway() {
        return addresses.base().plus(1);
    }

    /** Eight hex digits that are the network's own on this machine. */
    public String mark() {
        return digest(cluster + "/" + name, 4);
    }

    /** The name of the host's device for a sandbox on this network. */
    public String deviceOf(SandboxId sandbox) {
        return "kv" + digest(cluster + "/" + name + "/" + sandbox.value(), 6);
    }

    private static String digest(String text, int bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, bytes);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }
}
