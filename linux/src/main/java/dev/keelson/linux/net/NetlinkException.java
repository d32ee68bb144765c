package dev.keelson.linux.net;

/** The kernel refused an operation on network objects. The message names operation, object, errno and the kernel's words. */
public final class NetlinkException extends RuntimeException {
    private final int errno;

    /**
     * @param operation what was tried, with its object: {@code add address 10.1.0.1/24 to kl01234567}
     * @param errno positive error number
     * @param kernelMessage extended acknowledgement text, empty when the kernel gave none
     */
    public NetlinkException(String operation, int errno, String kernelMessage) {
        super("cannot %s: %s%s"
                .formatted(operation, Errno.name(errno), kernelMessage.isEmpty() ? "" : " (" + kernelMessage + ")"));
        this.errno = errno;
    }

    public int errno() {
        return errno;
    }
}
