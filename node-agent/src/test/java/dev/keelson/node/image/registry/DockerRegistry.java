package dev.keelson.node.image.registry;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Debian's docker-registry on a free loopback port, and skopeo to push to it. Both are installed when missing. */
public final class DockerRegistry implements AutoCloseable {
    public static final String USER = "tester";
    public static final String PASSWORD = "keelson-test";
    /** The bcrypt hash of the password above. */
    private static final String HTPASSWD = "tester:$2y$05$Jr0rLaa9i/AfP203TrnyWuPfJp7FvdczfCkfSBkTdGB0FUEoc/51S\n";

    private final Process process;
    private final int port;

    private final Path certificate;

    private DockerRegistry(Process process, int port, Path certificate) {
        this.process = process;
        this.port = port;
        this.certificate = certificate;
    }

    /** With a certificate that signs itself and that nobody trusts yet. */
    static DockerRegistry startTls(Path work) throws Exception {
        require("docker-registry", "skopeo", "openssl");
        Path certificate = work.resolve("registry.crt");
        Path key = work.resolve("registry.key");
        run(List.of(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=registry",
                "-addext",
                "subjectAltName=IP:127.0.0.1",
                "-keyout",
                key.toString(),
                "-out",
                certificate.toString()));
        return start(work, "", ", tls: {certificate: %s, key: %s}".formatted(certificate, key), certificate);
    }

    /** The PEM file of its certificate. */
    Path certificate() {
        return certificate;
    }

    /** @param work empty directory for its configuration, log and blobs */
    public static DockerRegistry start(Path work, boolean withPassword) throws Exception {
        require("docker-registry", "skopeo");
        Path passwords = Files.writeString(work.resolve("htpasswd"), HTPASSWD);
        String auth = withPassword ? "auth: {htpasswd: {realm: test, path: " + passwords + "}}\n" : "";
        return start(work, auth, "", Path.of(""));
    }

    private static DockerRegistry start(Path work, String auth, String tls, Path certificate) throws Exception {
        int port = freePort();
        Path config = work.resolve("config.yml");
        Files.writeString(config, """
                version: 0.1
                log: {level: warn}
                storage: {filesystem: {rootdirectory: %s}}
                http: {addr: "127.0.0.1:%d", secret: test%s}
                """.formatted(work.resolve("blobs"), port, tls) + auth);
        Process process = new ProcessBuilder("docker-registry", "serve", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(work.resolve("log").toFile())
                .start();
        DockerRegistry registry = new DockerRegistry(process, port, certificate);
        registry.awaitAnswer(work.resolve("log"));
        return registry;
    }

    public String host() {
        return "127.0.0.1:" + port;
    }

    /** Copies an image into this registry. */
    public void push(String source, String repositoryAndTag, boolean withPassword) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("skopeo", "--insecure-policy", "copy", "--dest-tls-verify=false", "-q"));
        if (withPassword) {
            command.add("--dest-creds=" + USER + ":" + PASSWORD);
        }
        command.addAll(List.of(source, "docker://" + host() + "/" + repositoryAndTag));
        run(command);
    }

    static void run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed: " + output);
        }
    }

    static void require(String... programs) throws Exception {
        List<String> missing = new ArrayList<>();
        for (String program : programs) {
            if (!Files.isExecutable(Path.of("/usr/bin", program))) {
                missing.add(program);
            }
        }
        if (!missing.isEmpty()) {
            List<String> install = new ArrayList<>(List.of("apt-get", "install", "-y", "-qq"));
            install.addAll(missing);
            run(install);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitAnswer(Path log) throws Exception {
        HttpRequest ping =
                HttpRequest.newBuilder(URI.create("http://" + host() + "/v2/")).build();
        Instant deadline = Instant.now().plus(Duration.ofSeconds(30));
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (true) {
                try {
                    client.send(ping, HttpResponse.BodyHandlers.discarding());
                    return;
                } catch (IOException e) {
                    boolean ended = process.waitFor(50, TimeUnit.MILLISECONDS);
                    if (ended || Instant.now().isAfter(deadline)) {
                        close();
                        throw new IOException("docker-registry did not start: " + Files.readString(log), e);
                    }
                }
            }
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
