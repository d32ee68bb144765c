package dev.keelson.cni.dns;

import dev.keelson.cni.dns.Upstream.Transport;
import dev.keelson.cni.driver.NetworkException;
import dev.keelson.cni.service.ServiceState;
import dev.keelson.linux.net.Cidr;
import dev.keelson.linux.net.Ipv4;
import dev.keelson.linux.net.NetworkNamespace;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * The cluster's name server on this node, over UDP and TCP. It answers pods and the node itself and nobody else, so it
 * cannot be used to attack others.
 */
public final class DnsServer implements AutoCloseable {
    private static final Logger LOG = System.getLogger(DnsServer.class.getName());
    private static final int PORT = 53;
    private static final int LARGEST_QUERY = 4096;
    private static final int TCP_IDLE_MILLIS = 10_000;
    private static final int TCP_CONNECTIONS = 256;

    private final Cidr clients;
    private final DnsResponder responder;
    private final DatagramChannel udp;
    private final ServerSocketChannel tcp;
    private final Semaphore connections = new Semaphore(TCP_CONNECTIONS);

    private DnsServer(Cidr clients, DnsResponder responder, DatagramChannel udp, ServerSocketChannel tcp) {
        this.clients = clients;
        this.responder = responder;
        this.udp = udp;
        this.tcp = tcp;
    }

    /**
     * Starts a server.
     *
     * @param host namespace to listen in, in production the agent's own
     * @param address the gateway of the pods' network
     * @param clients range of the pods on this node
     * @param services range of service addresses
     * @param domain suffix of the cluster's names, {@code cluster.local}
     * @param upstream resolves all other names
     */
    public static DnsServer start(
            NetworkNamespace host, Ipv4 address, Cidr clients, Cidr services, String domain, Upstream upstream) {
        DnsSnapshot empty = new DnsSnapshot(domain, List.of(clients, services), ServiceState.EMPTY);
        DnsServer server = host.call(() -> bind(address, clients, new DnsResponder(empty, upstream)));
        Thread.ofPlatform().daemon().name("keelson-dns-udp").start(server::serveUdp);
        Thread.ofPlatform().daemon().name("keelson-dns-tcp").start(server::serveTcp);
        return server;
    }

    private static DnsServer bind(Ipv4 address, Cidr clients, DnsResponder responder) throws IOException {
        InetSocketAddress at = new InetSocketAddress(InetAddress.getByAddress(address.bytes()), PORT);
        DatagramChannel udp = DatagramChannel.open(StandardProtocolFamily.INET);
        ServerSocketChannel tcp = ServerSocketChannel.open(StandardProtocolFamily.INET);
        try {
            tcp.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            udp.bind(at);
            tcp.bind(at);
            return new DnsServer(clients, responder, udp, tcp);
        } catch (IOException taken) {
            udp.close();
            tcp.close();
            throw new NetworkException(
                    NetworkException.Kind.CONFLICT,
                    "cannot serve names at %s:%d: %s; another name server that listens at all addresses must leave this one out"
                            .formatted(address, PORT, taken.getMessage()),
                    taken);
        }
    }

    /** Answers from this state of the cluster from now on. */
    public void update(ServiceState services) {
        responder.use(responder.snapshot().with(services));
    }

    private void serveUdp() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(LARGEST_QUERY);
        while (udp.isOpen()) {
            try {
                SocketAddress client = udp.receive(buffer.clear());
                byte[] query = new byte[buffer.flip().remaining()];
                buffer.get(query);
                if (isWelcome(client)) {
                    answer(query, client);
                }
            } catch (IOException | RuntimeException failure) {
                logUnlessClosed(failure);
            }
        }
    }

    /** The cluster's own names are answered at once; other names wait for somebody else on a thread of their own. */
    private void answer(byte[] query, SocketAddress client) {
        if (responder.mayBlock(query)) {
            Thread.startVirtualThread(() -> send(query, client));
        } else {
            send(query, client);
        }
    }

    private void send(byte[] query, SocketAddress client) {
        try {
            Optional<byte[]> answer = responder.respond(query, Transport.UDP);
            if (answer.isPresent()) {
                udp.send(ByteBuffer.wrap(answer.get()), client);
            }
        } catch (IOException | RuntimeException failure) {
            logUnlessClosed(failure);
        }
    }

    private void serveTcp() {
        while (tcp.isOpen()) {
            try {
                SocketChannel client = tcp.accept();
                if (isWelcome(client.getRemoteAddress()) && connections.tryAcquire()) {
                    Thread.startVirtualThread(() -> converse(client));
                } else {
                    client.close();
                }
            } catch (IOException | RuntimeException failure) {
                logUnlessClosed(failure);
            }
        }
    }

    private void converse(SocketChannel client) {
        try (client) {
            client.socket().setSoTimeout(TCP_IDLE_MILLIS);
            DataInputStream in = new DataInputStream(client.socket().getInputStream());
            while (true) {
                byte[] query = new byte[in.readUnsignedShort()];
                in.readFully(query);
                byte[] answer = responder.respond(query, Transport.TCP).orElseThrow(EOFException::new);
                ByteBuffer framed = ByteBuffer.allocate(answer.length + 2)
                        .putShort((short) answer.length)
                        .put(answer)
                        .flip();
                while (framed.hasRemaining()) {
                    client.write(framed);
                }
            }
        } catch (IOException over) {
            // The client is done, too slow, or does not speak DNS.
        } finally {
            connections.release();
        }
    }

    private boolean isWelcome(SocketAddress client) throws SocketException {
        InetAddress address = ((InetSocketAddress) client).getAddress();
        return address.getAddress().length == 4 && clients.contains(Ipv4.of(address.getAddress()))
                || address.isLoopbackAddress()
                || NetworkInterface.getByInetAddress(address) != null;
    }

    private void logUnlessClosed(Exception failure) {
        if (udp.isOpen() && tcp.isOpen()) {
            LOG.log(Level.WARNING, "cannot serve a name query cause=\"{0}\"", failure);
        }
    }

    @Override
    public void close() {
        try {
            udp.close();
            tcp.close();
        } catch (IOException failure) {
            throw new NetworkException(NetworkException.Kind.INTERNAL, "cannot close the name server", failure);
        }
    }
}
