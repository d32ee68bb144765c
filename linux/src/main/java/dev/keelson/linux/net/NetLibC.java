package dev.keelson.linux.net;

import java.nio.ByteBuffer;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;

/** The calls of the C library that sockets and network namespaces need; errno is kept per thread. */
public interface NetLibC {
    NetLibC INSTANCE = LibraryLoader.create(NetLibC.class).load("c");

    int socket(int domain, int type, int protocol);

    @ssize_t
    long send(int fd, @In byte[] bytes, @size_t long length, int flags);

    @ssize_t
    long recv(int fd, @Out ByteBuffer into, @size_t long length, int flags);

    int setsockopt(int fd, int level, int option, @In byte[] value, int length);

    int open(String path, int flags);

    int close(int fd);

    int setns(int fd, int namespaceType);

    int unshare(int flags);

    /** membarrier(2), for which the C library has no function of its own. */
    long syscall(long number, int command, int flags, int cpu);

    /** The errno of the calling thread's last failed call. */
    static int errno() {
        return Runtime.getRuntime(INSTANCE).getLastError();
    }
}
