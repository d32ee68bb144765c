package dev.keelson.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The stock kubectl as the tested server's administrator.
 *
 * @param work where it runs; holds its configuration and cache
 * @param namespace what it works in, empty for its own default
 */
public record Kubectl(Path work, String namespace) {

    /** A kubectl in a fresh directory. */
    public static Kubectl in(Path work) {
        Path pki = ServerUnderTest.pki();
        Kubectl kubectl = new Kubectl(work, "");
        kubectl.write("kubeconfig", """
                apiVersion: v1
                kind: Config
                clusters: [{name: k, cluster: {server: "https://127.0.0.1:%d", certificate-authority: %s}}]
                users: [{name: admin, user: {client-certificate: %s, client-key: %s}}]
                contexts: [{name: k, context: {cluster: k, user: admin}}]
                current-context: k
                """.formatted(
                ServerUnderTest.port(), pki.resolve("ca.crt"), pki.resolve("admin.crt"), pki.resolve("admin.key")));
        return kubectl;
    }

    public Kubectl inNamespace(String name) {
        return new Kubectl(work, name);
    }

    /** What it says when it succeeds. */
    public String run(String... arguments) {
        return run(0, Map.of(), arguments);
    }

    /** What it says when it is refused. */
    public String failing(String... arguments) {
        return run(1, Map.of(), arguments);
    }

    public String run(int expected, Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                "kubectl",
                "--kubeconfig",
                "kubeconfig",
                "--cache-dir",
                work.resolve("cache").toString()));
        if (!namespace.isEmpty() && !List.of(arguments).contains("-A")) {
            command.addAll(List.of("-n", namespace));
        }
        command.addAll(List.of(arguments));
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command).directory(work.toFile()).redirectErrorStream(true);
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as("%s: %s", command, output).isEqualTo(expected);
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public void write(String file, String content) {
        try {
            Files.writeString(work.resolve(file), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
