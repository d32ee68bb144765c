package dev.keelson.linux;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;

/**
 * A unix(7) socket that keeps message boundaries and carries descriptors (SCM_RIGHTS). Receiving parks the thread; one
 * receiver at a time.
 */
public final class SeqpacketSocket implements AutoCloseable {
    private static final Calls CALLS = Native.load(Calls.class);
    private static final int AF_UNIX = 1;
    private static final int SOCK_SEQPACKET = 5;
    private static final int SOCK_CLOEXEC = 02000000;
    private static final int O_PATH_DIRECTORY_CLOEXEC = 010000000 | (Native.arm() ? 040000 : 0200000) | 02000000;
    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;
    // struct sockaddr_un.
    private static final int ADDRESS_SIZE = 110;
    private static final int PATH_AT = 2;
    private static final int PATH_MAX = ADDRESS_SIZE - PATH_AT;
    // struct msghdr, struct iovec and struct cmsghdr of 64-bit Linux, one after the other, then the message.
    private static final int HEADER_SIZE = 56;
    private static final int IOVEC_AT = HEADER_SIZE;
    private static final int CONTROL_AT = IOVEC_AT + 16;
    private static final int CONTROL_SIZE = 64;
    private static final int CMSG_DATA_AT = 16;
    private static final int BYTES_AT = CONTROL_AT + CONTROL_SIZE;
    private static final int REPLY_MAX = 64 * 1024;

    /** Calls of unix(7) sockets. */
    public interface Calls {
        int socket(int domain, int type, int protocol);

        int connect(int fd, @In byte[] address, int length);

        int open(String path, int flags);

        @ssize_t
        long send(int fd, @In byte[] bytes, @size_t long length, int flags);

        @ssize_t
        long recvmsg(int fd, @In @Out Pointer message, int flags);
    }

    /** A message and the descriptors that came with it, which the receiver now owns. */
    public record Message(byte[] bytes, List<Fd> descriptors) {}

    private final int fd;
    private final Poller poller;
    private boolean open = true;
    private int users;

    private SeqpacketSocket(int fd, Poller poller) {
        this.fd = fd;
        this.poller = poller;
    }

    /** Connects to the socket {@code name} in {@code directory}. */
    public static SeqpacketSocket connect(Path directory, String name, Poller poller) {
        byte[] path = Native.text(directory.resolve(name)).getBytes(StandardCharsets.UTF_8);
        // With the NUL that ends it.
        return path.length < PATH_MAX ? connect(path, directory, poller) : connectBelow(directory, name, poller);
    }

    /** By a descriptor of the directory, because the path is longer than an address can hold. */
    private static SeqpacketSocket connectBelow(Path directory, String name, Poller poller) {
        String what = "cannot connect to " + directory.resolve(name);
        try (Fd parent =
                new Fd((int) Native.check(CALLS.open(Native.text(directory), O_PATH_DIRECTORY_CLOEXEC), what))) {
            byte[] path = ("/proc/self/fd/" + parent.number() + "/" + name).getBytes(StandardCharsets.UTF_8);
            return connect(path, directory, poller);
        }
    }

    private static SeqpacketSocket connect(byte[] path, Path directory, Poller poller) {
        byte[] address = new byte[ADDRESS_SIZE];
        address[0] = AF_UNIX;
        System.arraycopy(path, 0, address, PATH_AT, path.length);
        String what = "cannot connect to a socket in " + directory;
        int fd = (int) Native.check(CALLS.socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0), what);
        if (CALLS.connect(fd, address, ADDRESS_SIZE) < 0) {
            LinuxException refused = LinuxException.last(what);
            Fd.CALLS.close(fd);
            throw refused;
        }
        return new SeqpacketSocket(fd, poller);
    }

    /** Sends one message; at most about 200 KiB. */
    public void send(byte[] bytes) {
        if (!enter()) {
            throw new LinuxException(Native.EPIPE, "cannot send request: the conversation is over");
        }
        try {
            Native.check(CALLS.send(fd, bytes, bytes.length, MSG_NOSIGNAL), "cannot send request");
        } finally {
            leave();
        }
    }

    /** The next message; empty bytes when the other side has closed or this side was closed meanwhile. */
    public Message receive(Duration timeout) {
        if (!enter()) {
            return new Message(new byte[0], List.of());
        }
        try {
            Pointer memory = Memory.allocateDirect(Native.RUNTIME, BYTES_AT + REPLY_MAX);
            while (true) {
                prepare(memory);
                long got = CALLS.recvmsg(fd, memory, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
                if (got >= 0) {
                    byte[] bytes = new byte[(int) got];
                    memory.get(BYTES_AT, bytes, 0, bytes.length);
                    return new Message(bytes, descriptors(memory));
                }
                int errno = Native.errno();
                if (errno != Native.EAGAIN && errno != Native.EINTR) {
                    return new Message(new byte[0], List.of());
                }
                if (errno == Native.EAGAIN && !poller.await(fd, Poller.Interest.READ, timeout, this::isOpen)) {
                    throw new LinuxException(110, "no answer within " + timeout);
                }
                if (!isOpen()) {
                    return new Message(new byte[0], List.of());
                }
            }
        } finally {
            leave();
        }
    }

    private static void prepare(Pointer memory) {
        long base = memory.address();
        memory.setMemory(0, BYTES_AT, (byte) 0);
        memory.putLong(16, base + IOVEC_AT);
        memory.putLong(24, 1);
        memory.putLong(32, base + CONTROL_AT);
        memory.putLong(40, CONTROL_SIZE);
        memory.putLong(IOVEC_AT, base + BYTES_AT);
        memory.putLong(IOVEC_AT + 8, REPLY_MAX);
    }

    private static List<Fd> descriptors(Pointer memory) {
        List<Fd> found = new ArrayList<>();
        long length = memory.getLong(CONTROL_AT);
        boolean rights = memory.getLong(40) >= CMSG_DATA_AT
                && memory.getInt(CONTROL_AT + 8) == SOL_SOCKET
                && memory.getInt(CONTROL_AT + 12) == SCM_RIGHTS;
        for (long at = CMSG_DATA_AT; rights && at + 4 <= length; at += 4) {
            found.add(new Fd(memory.getInt(CONTROL_AT + at)));
        }
        return List.copyOf(found);
    }

    private synchronized boolean isOpen() {
        return open;
    }

    private synchronized boolean enter() {
        if (open) {
            users++;
        }
        return open;
    }

    private void leave() {
        boolean last;
        synchronized (this) {
            users--;
            last = !open && users == 0;
        }
        if (last) {
            Fd.CALLS.close(fd);
        }
    }

    @Override
    public void close() {
        boolean unused;
        synchronized (this) {
            if (!open) {
                return;
            }
            open = false;
            unused = users == 0;
        }
        if (unused) {
            Fd.CALLS.close(fd);
        } else {
            poller.forget(fd);
        }
    }
}
