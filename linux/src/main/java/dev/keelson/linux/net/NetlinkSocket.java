package dev.keelson.linux.net;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A netlink socket in one network namespace. Requests are answered by the kernel while they are sent, so calls are
 * short; they may come from any thread.
 */
public final class NetlinkSocket implements AutoCloseable {
    public static final int ROUTE = 0;
    public static final int NETFILTER = 12;

    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int SO_SNDBUFFORCE = 32;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int SOL_NETLINK = 270;
    private static final int CAP_ACK = 10;
    private static final int EXT_ACK = 11;
    private static final int BUFFER_LIMIT = 16 << 20;
    /** The kernel fills at most 32 KiB when it lists a table, and less otherwise. */
    private static final int DATAGRAM_MAX = 64 << 10;

    private static final int ANSWER_TIMEOUT_SECONDS = 10;

    private static final int NLMSG_ERROR = 2;
    private static final int NLMSG_DONE = 3;
    private static final int FLAG_DUMP_INTERRUPTED = 0x10;
    private static final int DUMP_ATTEMPTS = 20;

    private final int fd;
    private final ReentrantLock lock = new ReentrantLock();
    private final ByteBuffer received = ByteBuffer.allocateDirect(DATAGRAM_MAX).order(ByteOrder.nativeOrder());
    private int sequence;

    /** One message of the kernel. @param body what follows the netlink header */
    public record Answer(int type, byte[] body) {}

    private record Failure(NetlinkMessage request, int errno, String kernelMessage) {
        NetlinkException exception() {
            return new NetlinkException(request.operation(), errno, kernelMessage);
        }
    }

    private NetlinkSocket(int fd) {
        this.fd = fd;
    }

    /** @param protocol {@link #ROUTE} or {@link #NETFILTER} */
    public static NetlinkSocket open(NetworkNamespace namespace, int protocol) {
        return namespace.call(() -> {
            int fd = NetLibC.INSTANCE.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, protocol);
            if (fd < 0) {
                throw new NetlinkException("open a netlink socket in " + namespace, NetLibC.errno(), "");
            }
            NetlinkSocket socket = new NetlinkSocket(fd);
            socket.configure();
            return socket;
        });
    }

    private void configure() {
        byte[] timeout = ByteBuffer.allocate(16)
                .order(ByteOrder.nativeOrder())
                .putLong(ANSWER_TIMEOUT_SECONDS)
                .putLong(0)
                .array();
        NetLibC.INSTANCE.setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, timeout, timeout.length);
        option(SOL_NETLINK, EXT_ACK, 1);
        option(SOL_NETLINK, CAP_ACK, 1);
        option(SOL_SOCKET, SO_SNDBUFFORCE, BUFFER_LIMIT);
        option(SOL_SOCKET, SO_RCVBUFFORCE, BUFFER_LIMIT);
    }

    /** Options only make errors clearer or buffers larger: a kernel without them still works. */
    private void option(int level, int name, int value) {
        byte[] bytes = ByteBuffer.allocate(4)
                .order(ByteOrder.nativeOrder())
                .putInt(value)
                .array();
        NetLibC.INSTANCE.setsockopt(fd, level, name, bytes, bytes.length);
    }

    /** Sends one request and waits until the kernel has done it; answers what it returned. */
    public List<Answer> execute(NetlinkMessage request) {
        lock.lock();
        try {
            request.acknowledged();
            int number = ++sequence;
            send(request.bytes(number), request.operation());
            return collect(request, number).orElse(List.of());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Sends requests that change something in one call; the kernel takes them one after the other and goes on after a
     * failure. The first failure is thrown.
     */
    public void executeAll(List<NetlinkMessage> requests) {
        lock.lock();
        try {
            int first = sequence + 1;
            sequence += requests.size();
            requests.getLast().acknowledged();
            send(joined(requests, first), requests.getFirst().operation());
            awaitLast(requests, first, requests.size() - 1);
        } finally {
            lock.unlock();
        }
    }

    private static byte[] joined(List<NetlinkMessage> requests, int first) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < requests.size(); i++) {
            bytes.writeBytes(requests.get(i).bytes(first + i));
        }
        return bytes.toByteArray();
    }

    /** Reads a whole table; starts over when it changed meanwhile, so that the answer is consistent. */
    public List<Answer> dump(NetlinkMessage request) {
        lock.lock();
        try {
            for (int attempt = 0; attempt < DUMP_ATTEMPTS; attempt++) {
                int number = ++sequence;
                send(request.bytes(number), request.operation());
                Optional<List<Answer>> answers = collect(request, number);
                if (answers.isPresent()) {
                    return answers.get();
                }
            }
            throw new NetlinkException(request.operation(), Errno.EAGAIN, "the table never held still");
        } finally {
            lock.unlock();
        }
    }

    /**
     * Sends requests that the kernel takes as one transaction; they all happen or none does.
     *
     * @param requests the first and last are the family's begin and end markers, which are never answered
     */
    public void transact(List<NetlinkMessage> requests) {
        lock.lock();
        try {
            int first = sequence + 1;
            sequence += requests.size();
            int last = requests.size() - 2;
            requests.get(last).acknowledged();
            send(joined(requests, first), requests.get(last).operation());
            awaitLast(requests, first, last);
        } finally {
            lock.unlock();
        }
    }

    /** Failures come in the order of the requests, then the acknowledgement of the last one. */
    private void awaitLast(List<NetlinkMessage> requests, int first, int last) {
        Optional<Failure> failure = Optional.empty();
        boolean answered = false;
        while (!answered) {
            ByteBuffer datagram = receive(requests.get(last));
            while (datagram.remaining() >= NetlinkMessage.HEADER) {
                Header header = Header.read(datagram);
                int index = header.sequence - first;
                if (index < 0 || index >= requests.size() || header.type != NLMSG_ERROR) {
                    continue;
                }
                int errno = -header.body.getInt(0);
                if (errno != 0 && failure.isEmpty()) {
                    failure = Optional.of(new Failure(requests.get(index), errno, kernelMessage(header)));
                }
                answered |= index == last;
            }
        }
        failure.ifPresent(problem -> {
            throw problem.exception();
        });
    }

    /** All answers to one request; empty when a dump was interrupted by a change. */
    private Optional<List<Answer>> collect(NetlinkMessage request, int number) {
        List<Answer> answers = new ArrayList<>();
        boolean interrupted = false;
        while (true) {
            ByteBuffer datagram = receive(request);
            while (datagram.remaining() >= NetlinkMessage.HEADER) {
                Header header = Header.read(datagram);
                if (header.sequence != number) {
                    continue;
                }
                interrupted |= (header.flags & FLAG_DUMP_INTERRUPTED) != 0;
                if (header.type == NLMSG_ERROR || header.type == NLMSG_DONE) {
                    int errno = header.body.remaining() < 4 ? 0 : -header.body.getInt(0);
                    if (errno > 0) {
                        throw new Failure(request, errno, kernelMessage(header)).exception();
                    }
                    return interrupted ? Optional.empty() : Optional.of(answers);
                }
                byte[] body = new byte[header.body.remaining()];
                header.body.get(body);
                answers.add(new Answer(header.type, body));
            }
        }
    }

    private static String kernelMessage(Header header) {
        final int errorMessage = 1;
        int skip = header.type == NLMSG_DONE ? 4 : 4 + NetlinkMessage.HEADER;
        boolean hasAttributes = (header.flags & 0x200) != 0;
        if (!hasAttributes || header.body.remaining() <= skip) {
            return "";
        }
        return Attributes.parse(header.body.slice(skip, header.body.remaining() - skip))
                .string(errorMessage)
                .orElse("");
    }

    private void send(byte[] bytes, String operation) {
        while (NetLibC.INSTANCE.send(fd, bytes, bytes.length, 0) < 0) {
            int errno = NetLibC.errno();
            if (errno != Errno.EINTR) {
                throw new NetlinkException(operation, errno, "sending %d bytes".formatted(bytes.length));
            }
        }
    }

    private ByteBuffer receive(NetlinkMessage request) {
        while (true) {
            received.clear();
            long length = NetLibC.INSTANCE.recv(fd, received, received.capacity(), 0);
            if (length >= 0) {
                return received.slice(0, (int) length).order(ByteOrder.nativeOrder());
            }
            int errno = NetLibC.errno();
            if (errno != Errno.EINTR) {
                throw new NetlinkException(request.operation(), errno, "waiting for the answer");
            }
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            NetLibC.INSTANCE.close(fd);
        } finally {
            lock.unlock();
        }
    }

    private record Header(int type, int flags, int sequence, ByteBuffer body) {

        /** Reads the message at the buffer's position and moves behind it. */
        static Header read(ByteBuffer datagram) {
            int start = datagram.position();
            int length = Math.min(Math.max(datagram.getInt(start), NetlinkMessage.HEADER), datagram.remaining());
            Header header = new Header(
                    datagram.getShort(start + 4) & 0xffff,
                    datagram.getShort(start + 6) & 0xffff,
                    datagram.getInt(start + 8),
                    datagram.slice(start + NetlinkMessage.HEADER, length - NetlinkMessage.HEADER)
                            .order(ByteOrder.nativeOrder()));
            datagram.position(Math.min(datagram.limit(), start + (length + 3 & ~3)));
            return header;
        }
    }
}
