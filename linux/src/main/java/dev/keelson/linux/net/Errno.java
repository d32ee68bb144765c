package dev.keelson.linux.net;

import java.util.Map;

/** Names for the error numbers that the networking parts of the kernel answer with (asm-generic/errno.h). */
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int EINTR = 4;
    public static final int EAGAIN = 11;
    public static final int EBUSY = 16;
    public static final int EEXIST = 17;
    public static final int ENODEV = 19;
    public static final int EINVAL = 22;
    public static final int ENOBUFS = 105;

    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(EPERM, "EPERM, not permitted"),
            Map.entry(ENOENT, "ENOENT, no such object"),
            Map.entry(ESRCH, "ESRCH, no such entry"),
            Map.entry(EINTR, "EINTR, interrupted"),
            Map.entry(9, "EBADF, descriptor is closed"),
            Map.entry(EAGAIN, "EAGAIN, no answer in time"),
            Map.entry(12, "ENOMEM, out of memory"),
            Map.entry(13, "EACCES, access denied"),
            Map.entry(EBUSY, "EBUSY, still in use"),
            Map.entry(EEXIST, "EEXIST, exists already"),
            Map.entry(ENODEV, "ENODEV, no such device"),
            Map.entry(EINVAL, "EINVAL, invalid argument"),
            Map.entry(24, "EMFILE, too many open files"),
            Map.entry(34, "ERANGE, out of range"),
            Map.entry(90, "EMSGSIZE, message too long"),
            Map.entry(93, "EPROTONOSUPPORT, protocol is not in this kernel"),
            Map.entry(95, "EOPNOTSUPP, not supported by this kernel"),
            Map.entry(97, "EAFNOSUPPORT, address family is not in this kernel"),
            Map.entry(98, "EADDRINUSE, address in use"),
            Map.entry(99, "EADDRNOTAVAIL, no such address"),
            Map.entry(100, "ENETDOWN, device is down"),
            Map.entry(101, "ENETUNREACH, network unreachable"),
            Map.entry(ENOBUFS, "ENOBUFS, receive buffer overflowed"),
            Map.entry(107, "ENOTCONN, not connected"));

    private Errno() {}

    public static String name(int errno) {
        return NAMES.getOrDefault(errno, "errno " + errno);
    }
}
