package dev.keelson.cli.cluster;

import dev.keelson.cli.CliException;
import dev.keelson.cli.cluster.Pki.Identity;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** Which certificates a one-node cluster needs, and who may read their keys. */
public final class ClusterPki {
    private ClusterPki() {}

    /** What the cluster's processes need. */
    public static void ensure(DataDir directory, ClusterConfig config, ServiceUser user) {
        Pki pki = new Pki(directory.pki(), Instant.now());
        String domain = ClusterConfig.DOMAIN;
        pki.ensure(List.of(
                new Identity(
                        "apiserver",
                        "kube-apiserver",
                        "",
                        List.of(
                                "localhost",
                                "kubernetes",
                                "kubernetes.default",
                                "kubernetes.default.svc",
                                "kubernetes.default.svc." + domain,
                                config.nodeName()),
                        List.of("127.0.0.1", config.nodeIp(), firstAddress(config.serviceCidr()))),
                Identity.client("controller-manager", "system:kube-controller-manager", ""),
                Identity.client("apiserver-kubelet-client", "kube-apiserver-kubelet-client", "system:masters"),
                new Identity(
                        "node",
                        "system:node:" + config.nodeName(),
                        "system:nodes",
                        List.of("localhost", config.nodeName()),
                        List.of("127.0.0.1", config.nodeIp()))));
        pki.ensureKeyPair("service-account");
        // The server runs unprivileged and must read its own keys, and only those; its controllers sign with the
        // authority's.
        for (String file :
                List.of("ca", "apiserver", "controller-manager", "apiserver-kubelet-client", "service-account")) {
            own(pki.key(file), user);
        }
    }

    /** What the user's kubeconfig needs; an RSA key takes longer to make than all the others together. */
    public static Pki ensureAdmin(DataDir directory) {
        Pki pki = new Pki(directory.pki(), Instant.now());
        pki.ensure(List.of(
                Identity.client("admin", "kubernetes-admin", "system:masters").withRsaKey()));
        return pki;
    }

    /** The address that the Service default/kubernetes gets: the first of the range. */
    public static String firstAddress(String cidr) {
        try {
            byte[] address =
                    InetAddress.ofLiteral(cidr.substring(0, cidr.indexOf('/'))).getAddress();
            address[address.length - 1]++;
            return Inet4Address.getByAddress(address).getHostAddress();
        } catch (IOException e) {
            throw new CliException("not a range of addresses: " + cidr, e);
        }
    }

    private static void own(Path file, ServiceUser user) {
        try {
            Files.setAttribute(file, "unix:uid", user.uid());
            Files.setAttribute(file, "unix:gid", user.gid());
        } catch (IOException e) {
            throw new CliException("cannot give " + file + " to user " + user.name() + ": " + e.getMessage(), e);
        }
    }
}
