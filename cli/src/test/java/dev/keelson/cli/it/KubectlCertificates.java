package dev.keelson.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** A person gets a certificate from the cluster and comes in with it, as Kubernetes' documentation shows it. */
final class KubectlCertificates {
    private final Cluster cluster;
    private final Path directory;

    KubectlCertificates(Cluster cluster, Path directory) {
        this.cluster = cluster;
        this.directory = directory;
    }

    void asksApprovesAndComesIn() throws IOException {
        request("jane", "/O=dev/CN=jane");
        assertThat(cluster.kubectl("get", "csr", "jane").ok()).contains("Pending", "kubernetes-admin");
        cluster.kubectl("certificate", "approve", "jane").ok();
        awaitCondition("jane", "Approved,Issued");
        String pem = cluster.jsonPath("{.status.certificate}", "csr", "jane");
        Files.write(directory.resolve("jane.crt"), Base64.getDecoder().decode(pem));
        assertThat(Shell.run(
                                Map.of(),
                                "",
                                List.of(
                                        "kubectl",
                                        "--kubeconfig=/dev/null",
                                        "--server=https://127.0.0.1:" + cluster.port(),
                                        "--certificate-authority="
                                                + cluster.directory().resolve("pki/ca.crt"),
                                        "--client-certificate=" + directory.resolve("jane.crt"),
                                        "--client-key=" + directory.resolve("jane.key"),
                                        "auth",
                                        "whoami",
                                        "-o",
                                        "jsonpath={.status.userInfo.username} {.status.userInfo.groups}"))
                        .ok())
                .isEqualTo("jane [\"dev\",\"system:authenticated\"]");

        request("mallory", "/O=system:masters/CN=mallory");
        cluster.kubectl("certificate", "approve", "mallory").ok();
        awaitCondition("mallory", "Approved,Failed");
        request("bob", "/CN=bob");
        cluster.kubectl("certificate", "deny", "bob").ok();
        awaitCondition("bob", "Denied");
        cluster.kubectl("delete", "csr", "--all").ok();
    }

    private void awaitCondition(String name, String words) {
        Shell.await(
                name + " is " + words,
                Duration.ofSeconds(20),
                () -> cluster.kubectl("get", "csr", name, "--no-headers").ok().contains(words));
    }

    private void request(String name, String subject) throws IOException {
        Path request = directory.resolve(name + ".csr");
        Shell.run(
                        Map.of(),
                        "",
                        List.of(
                                "openssl",
                                "req",
                                "-new",
                                "-newkey",
                                "rsa:2048",
                                "-nodes",
                                "-keyout",
                                directory.resolve(name + ".key").toString(),
                                "-out",
                                request.toString(),
                                "-subj",
                                subject))
                .ok();
        cluster.kubectlWith(
                        """
                        apiVersion: certificates.k8s.io/v1
                        kind: CertificateSigningRequest
                        metadata: {name: %s}
                        spec:
                          signerName: kubernetes.io/kube-apiserver-client
                          expirationSeconds: 3600
                          usages: [client auth]
                          request: %s
                        """.formatted(name, Base64.getEncoder().encodeToString(Files.readAllBytes(request))),
                        "apply",
                        "-f",
                        "-")
                .ok();
    }
}
