package dev.keelson.apiserver.stream;

import static dev.keelson.apiserver.http.ServerUnderTest.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.keelson.apiserver.http.ServerUnderTest;
import dev.keelson.apiserver.http.TestPki;
import dev.keelson.apiserver.postgres.PostgresTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.http.HttpServerResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Logs, exec and proxies through the API server to an agent, over real TLS on both sides. */
@QuarkusTest
@QuarkusTestResource(PostgresTestResource.class)
@QuarkusTestResource(ServerUnderTest.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class StreamsIT {
    private FakeAgent agent;
    private String node = "";
    private String pods = "";

    @BeforeEach
    void nodeWithOnePod() {
        agent = new FakeAgent(ServerUnderTest.pki());
        node = TestPki.freshName("node");
        String namespace = TestPki.freshName("streams");
        pods = "/api/v1/namespaces/" + namespace + "/pods";
        create("/api/v1/namespaces", "{'metadata':{'name':'" + namespace + "'}}");
        create("/api/v1/nodes", "{'metadata':{'name':'" + node + "'}}");
        report(agent.port());
        create(pods, "{'metadata':{'name':'p'},'spec':{'containers':[{'name':'c','image':'i'}]}}");
        create(
                pods,
                "{'metadata':{'name':'two'},'spec':{'containers':["
                        + "{'name':'a','image':'i'},{'name':'b','image':'i'}]}}");
        create(pods + "/p/binding", "{'target':{'kind':'Node','name':'" + node + "'}}");
    }

    @AfterEach
    void stopAgent() {
        agent.close();
        as("admin").delete("/api/v1/nodes/" + node).then().statusCode(200);
    }

    @Test
    void logsComeFromTheAgent() throws InterruptedException {
        as("admin")
                .get(pods + "/p/log?container=c&tailLines=2")
                .then()
                .statusCode(200)
                .body(equalTo("one\ntwo\n"));
        assertThat(agent.asked.take()).startsWith("GET /containerLogs/").endsWith("/p/c?tailLines=2");
    }

    @Test
    void logsComeAsMessagesToWhoAsksForAWebSocket() throws InterruptedException {
        HttpClient client = client();
        BlockingQueue<ByteBuffer> received = new LinkedBlockingQueue<>();
        WebSocket socket = client.newWebSocketBuilder()
                .subprotocols("binary.k8s.io")
                .buildAsync(uri("wss", pods + "/p/log?tailLines=2"), new Collecting(received))
                .join();
        assertThat(socket.getSubprotocol()).isEqualTo("binary.k8s.io");
        assertThat(StandardCharsets.US_ASCII.decode(received.take()).toString()).isEqualTo("one\ntwo\n");
        socket.abort();
        client.shutdownNow();
    }

    @Test
    void followedLogsArriveLineByLineAndEndWithTheirReader() throws IOException, InterruptedException {
        HttpClient client = client();
        HttpResponse<InputStream> response = client.send(
                HttpRequest.newBuilder(uri("https", pods + "/p/log?follow=true"))
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
        BufferedReader lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
        assertThat(lines.readLine()).isEqualTo("first");
        HttpServerResponse log = agent.followed.take();
        log.write("second\n");
        assertThat(lines.readLine()).isEqualTo("second");
        client.shutdownNow();
        assertThat(agent.abandoned.poll(20, TimeUnit.SECONDS)).contains("follow=true");
    }

    @Test
    void theAgentsRefusalBecomesAStatus() {
        as("admin")
                .get(pods + "/p/log?previous=true")
                .then()
                .statusCode(400)
                .body("reason", equalTo("BadRequest"))
                .body("message", equalTo("previous terminated container \"c\" in pod \"p\" not found"));
    }

    @Test
    void whatCannotBeStreamedIsAStatusWithARemedy() {
        as("admin").get(pods + "/none/log").then().statusCode(404).body("kind", equalTo("Status"));
        as("admin")
                .get(pods + "/two/log")
                .then()
                .statusCode(400)
                .body("message", equalTo("a container name must be specified for pod two, choose one of: [a b]"));
        as("admin")
                .get(pods + "/two/log?container=x")
                .then()
                .statusCode(400)
                .body("message", containsString("container x is not valid for pod two"));
        as("admin")
                .get(pods + "/two/log?container=a")
                .then()
                .statusCode(400)
                .body("message", equalTo("pod two does not have a host assigned"));
        as("admin")
                .get(pods + "/p/exec?command=ls")
                .then()
                .statusCode(400)
                .body("message", equalTo("Upgrade request required"));
    }

    @Test
    void anAgentThatIsAwayIsUnavailable() {
        agent.close();
        as("admin")
                .get(pods + "/p/log")
                .then()
                .statusCode(503)
                .body("reason", equalTo("ServiceUnavailable"))
                .body("message", containsString("error trying to reach node \"" + node + "\" at 127.0.0.1"));
    }

    @Test
    void anExecPassesThroughWithItsProtocol() throws InterruptedException {
        HttpClient client = client();
        BlockingQueue<ByteBuffer> received = new LinkedBlockingQueue<>();
        WebSocket socket = client.newWebSocketBuilder()
                .subprotocols("v5.channel.k8s.io", "v4.channel.k8s.io")
                .buildAsync(
                        uri("wss", pods + "/p/exec?command=ls&command=-l%20x&stdin=true&container=c"),
                        new Collecting(received))
                .join();
        assertThat(socket.getSubprotocol()).isEqualTo("v5.channel.k8s.io");
        assertThat(agent.asked.take()).endsWith("/p/c?command=ls&command=-l%20x&stdin=true");
        for (int i = 0; i < 200; i++) {
            byte[] frame = ("\0line " + i + " " + "x".repeat(8_000)).getBytes(StandardCharsets.US_ASCII);
            socket.sendBinary(ByteBuffer.wrap(frame), true).join();
        }
        for (int i = 0; i < 200; i++) {
            String echoed = StandardCharsets.US_ASCII.decode(received.take()).toString();
            assertThat(echoed).startsWith("\u0001line " + i + " ").hasSize(("\0line " + i + " ").length() + 8_000);
        }
        socket.abort();
        client.shutdownNow();
    }

    @Test
    void aPostOfAnOlderClientIsUpgradedToWhatItAsksFor() throws IOException {
        try (Socket socket =
                ServerUnderTest.tls("admin").getSocketFactory().createSocket("localhost", ServerUnderTest.port())) {
            socket.setSoTimeout(60_000);
            OutputStream out = socket.getOutputStream();
            out.write(("POST " + pods + "/p/exec?command=ls&container=c HTTP/1.1\r\nHost: localhost\r\n"
                            + "Content-Length: 0\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n"
                            + "X-Stream-Protocol-Version: v4.channel.k8s.io\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) in.read());
            }
            assertThat(head)
                    .startsWith("HTTP/1.1 101 ")
                    .containsIgnoringCase("Upgrade: SPDY/3.1\r\n")
                    .containsIgnoringCase("X-Stream-Protocol-Version: v4.channel.k8s.io\r\n");
            // More than any buffer between, so that the slower side has to be waited for.
            byte[] sent = new byte[4 << 20];
            new java.util.Random(1).nextBytes(sent);
            Thread writer = Thread.ofVirtual().start(() -> {
                try {
                    out.write(sent);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            assertThat(in.readNBytes(sent.length)).isEqualTo(sent);
            writer.interrupt();
        }
    }

    @Test
    void anExecThatTheAgentRefusesIsAStatusBeforeTheUpgrade() throws IOException, InterruptedException {
        HttpClient client = client();
        HttpRequest request = HttpRequest.newBuilder(uri("https", pods + "/p/attach?stdout=true"))
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).body())
                .contains("Upgrade request required");
        try {
            client.newWebSocketBuilder()
                    .buildAsync(uri("wss", pods + "/p/attach?stdout=true"), new Collecting(new LinkedBlockingQueue<>()))
                    .join();
            throw new AssertionError("the upgrade was accepted");
        } catch (java.util.concurrent.CompletionException e) {
            assertThat(e.getCause())
                    .isInstanceOfSatisfying(java.net.http.WebSocketHandshakeException.class, refused -> assertThat(
                                    refused.getResponse().statusCode())
                            .isEqualTo(404));
        }
        client.shutdownNow();
    }

    @Test
    void aBodyOfAnySizeGoesThroughTheNodesProxy() {
        byte[] body = new byte[20 * 1024 * 1024];
        as("admin")
                .contentType("application/x-tar")
                .body(body)
                .post("/api/v1/nodes/" + node + "/proxy/images/load?x=y")
                .then()
                .statusCode(200)
                .body(equalTo("received " + body.length));
        as("admin")
                .get("/api/v1/nodes/" + node + "/proxy/images")
                .then()
                .statusCode(200)
                .body(equalTo("received 0"));
        as("bob")
                .get("/api/v1/nodes/" + node + "/proxy/images")
                .then()
                .statusCode(403)
                .body("message", containsString("cannot get resource \"nodes/proxy\""));
    }

    private void report(int port) {
        as("admin")
                .contentType("application/merge-patch+json")
                .body(("{'status':{'addresses':[{'type':'InternalIP','address':'127.0.0.1'}],"
                                + "'daemonEndpoints':{'kubeletEndpoint':{'Port':" + port + "}}}}")
                        .replace('\'', '"'))
                .patch("/api/v1/nodes/" + node + "/status")
                .then()
                .statusCode(200);
    }

    private static void create(String path, String body) {
        as("admin")
                .contentType("application/json")
                .body(body.replace('\'', '"'))
                .post(path)
                .then()
                .statusCode(201);
    }

    private static HttpClient client() {
        return HttpClient.newBuilder().sslContext(ServerUnderTest.tls("admin")).build();
    }

    private static URI uri(String scheme, String path) {
        return URI.create(scheme + "://localhost:" + ServerUnderTest.port() + path);
    }

    private record Collecting(BlockingQueue<ByteBuffer> received) implements WebSocket.Listener {
        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            ByteBuffer copy = ByteBuffer.allocate(data.remaining());
            copy.put(data).flip();
            received.add(copy);
            socket.request(1);
            return java.util.concurrent.CompletableFuture.completedFuture(null);
        }
    }
}
