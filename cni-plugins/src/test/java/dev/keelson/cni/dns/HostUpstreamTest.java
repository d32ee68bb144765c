package dev.keelson.cni.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.cni.dns.Upstream.Transport;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostUpstreamTest {
    private static final byte[] QUERY = DnsAnswers.question(4711, "example.org", RecordType.A, 0x0100);

    @TempDir
    Path directory;

    private Path resolvConf;
    private DatagramSocket server;

    @BeforeEach
    void open() throws IOException {
        server = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        resolvConf = Files.writeString(directory.resolve("resolv.conf"), "nameserver 127.0.0.1\n");
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void answersPassAsTheyAreAndForgedIdsAreIgnored() {
        Thread.startVirtualThread(() -> answerWith(wrongId(), answer()));

        assertThat(upstream(List.of()).ask(QUERY, Transport.UDP)).contains(answer());
    }

    @Test
    void overTcpLengthsAreFramed() throws IOException {
        try (ServerSocket tcp = new ServerSocket(server.getLocalPort(), 5, InetAddress.getLoopbackAddress())) {
            Thread.startVirtualThread(() -> {
                try (Socket client = tcp.accept()) {
                    DataInputStream in = new DataInputStream(client.getInputStream());
                    byte[] query = in.readNBytes(in.readUnsignedShort());
                    query[2] |= (byte) 0x80;
                    client.getOutputStream().write(new byte[] {0, (byte) query.length});
                    client.getOutputStream().write(query);
                } catch (IOException closed) {
                    // The test is over.
                }
            });

            assertThat(upstream(List.of()).ask(QUERY, Transport.TCP)).contains(answer());
        }
    }

    @Test
    void silenceIsAnEmptyAnswer() {
        assertThat(upstream(List.of()).ask(QUERY, Transport.UDP)).isEmpty();
    }

    @Test
    void thisNodesOwnServerIsNeverAsked() throws IOException {
        server.setSoTimeout(1);

        assertThat(upstream(List.of(InetAddress.getLoopbackAddress())).ask(QUERY, Transport.UDP))
                .isEmpty();
    }

    private HostUpstream upstream(List<InetAddress> own) {
        return new HostUpstream(resolvConf, own, server.getLocalPort(), Duration.ofMillis(500));
    }

    private void answerWith(byte[]... answers) {
        try {
            DatagramPacket packet = new DatagramPacket(new byte[512], 512);
            server.receive(packet);
            for (byte[] answer : answers) {
                server.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private static byte[] answer() {
        byte[] answer = QUERY.clone();
        answer[2] |= (byte) 0x80;
        return answer;
    }

    private static byte[] wrongId() {
        byte[] answer = Arrays.copyOf(answer(), QUERY.length);
        answer[1] ^= 1;
        return answer;
    }
}
