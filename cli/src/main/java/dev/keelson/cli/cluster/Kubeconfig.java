package dev.keelson.cli.cluster;

import dev.keelson.cli.CliException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** Writes the administrator's kubeconfig (clientcmd v1 Config) with everything inlined, mode 0600. */
public final class Kubeconfig {
    private Kubeconfig() {}

    public static void write(Path file, ClusterConfig config, Pki pki) {
        String text = """
                apiVersion: v1
                kind: Config
                clusters:
                - name: %1$s
                  cluster:
                    server: https://127.0.0.1:%2$d
                    certificate-authority-data: %3$s
                users:
                - name: %1$s-admin
                  user:
                    client-certificate-data: %4$s
                    client-key-data: %5$s
                contexts:
                - name: %1$s
                  context:
                    cluster: %1$s
                    user: %1$s-admin
                    namespace: default
                current-context: %1$s
                """.formatted(
                        config.cluster(),
                        config.httpsPort(),
                        base64(pki.certificate("ca")),
                        base64(pki.certificate("admin")),
                        base64(pki.key("admin")));
        try {
            PrivateFiles.write(file, text);
        } catch (IOException e) {
            throw new CliException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    private static String base64(Path file) {
        try {
            return Base64.getEncoder().encodeToString(Files.readString(file).getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new CliException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}
