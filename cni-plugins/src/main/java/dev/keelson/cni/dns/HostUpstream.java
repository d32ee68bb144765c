package dev.keelson.cni.dns;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Asks the name servers that the host itself uses, one after the other. Every question has a socket of its own, so that
 * its port cannot be guessed. Blocks: for virtual threads.
 */
public final class HostUpstream implements Upstream {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int ROUNDS = 2;
    private static final int PORT = 53;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int LARGEST_ANSWER = 65_535;

    /** More than this many questions at once are refused rather than piled up. */
    private static final int AT_ONCE = 512;

    private final Path resolvConf;
    private final List<InetAddress> own;
    private final int port;
    private final Duration patience;
    private final Semaphore places = new Semaphore(AT_ONCE);

    /**
     * @param resolvConf usually {@code /etc/resolv.conf}; read anew for every question, since networks change
     * @param own addresses that this node's own server answers at, which must not be asked
     */
    public HostUpstream(Path resolvConf, List<InetAddress> own) {
        this(resolvConf, own, PORT, PATIENCE);
    }

    /** As above, with servers at another port and another patience with each. */
    HostUpstream(Path resolvConf, List<InetAddress> own, int port, Duration patience) {
        this.resolvConf = resolvConf;
        this.own = List.copyOf(own);
        this.port = port;
        this.patience = patience;
    }

    @Override
    public Optional<byte[]> ask(byte[] query, Transport transport) {
        if (!places.tryAcquire()) {
            return Optional.empty();
        }
        try {
            return askInTurn(query, transport);
        } finally {
            places.release();
        }
    }

    private Optional<byte[]> askInTurn(byte[] query, Transport transport) {
        List<InetAddress> servers = ResolvConf.nameServers(resolvConf).stream()
                .filter(server -> !own.contains(server))
                .toList();
        for (int round = 0; round < ROUNDS; round++) {
            for (InetAddress server : servers) {
                try {
                    InetSocketAddress address = new InetSocketAddress(server, port);
                    return Optional.of(
                            switch (transport) {
                                case UDP -> askByUdp(query, address);
                                case TCP -> askByTcp(query, address);
                            });
                } catch (IOException silent) {
                    // The next one may answer; if none does, the client is told so.
                }
            }
        }
        return Optional.empty();
    }

    private byte[] askByUdp(byte[] query, InetSocketAddress server) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(server);
            socket.send(new DatagramPacket(query, query.length));
            DatagramPacket answer = new DatagramPacket(new byte[LARGEST_ANSWER], LARGEST_ANSWER);
            long deadline = System.nanoTime() + patience.toNanos();
            do {
                // Wrong answers, however many, must not make the wait longer.
                long left = Math.max(1, (deadline - System.nanoTime()) / NANOS_PER_MILLI);
                socket.setSoTimeout((int) left);
                answer.setLength(LARGEST_ANSWER);
                socket.receive(answer);
            } while (!isAnswerTo(query, answer));
            return Arrays.copyOf(answer.getData(), answer.getLength());
        }
    }

    private static boolean isAnswerTo(byte[] query, DatagramPacket answer) {
        byte[] data = answer.getData();
        boolean sameId = data[0] == query[0] && data[1] == query[1];
        return answer.getLength() >= DnsQuery.HEADER && sameId && (data[2] & 0x80) != 0;
    }

    private byte[] askByTcp(byte[] query, InetSocketAddress server) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(server, (int) patience.toMillis());
            socket.setSoTimeout((int) patience.toMillis());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            byte[] framed = new byte[query.length + 2];
            framed[0] = (byte) (query.length >> 8);
            framed[1] = (byte) query.length;
            System.arraycopy(query, 0, framed, 2, query.length);
            out.write(framed);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] answer = new byte[in.readUnsignedShort()];
            in.readFully(answer);
            return answer;
        }
    }
}
