package dev.keelson.linux.net;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Packets that the host is in the middle of. The kernel takes a packet from its receipt, or from the call that sent it,
 * through all hooks and into the table of connections within one RCU read-side section. After a grace period of RCU
 * every packet has therefore gone by rules that were in force when the period began, and has left its connection behind.
 */
public final class PacketsUnderWay {
    private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");
    private static final long SYS_MEMBARRIER = ARM ? 283 : 324;
    private static final int GLOBAL = 1;
    /** Much longer than a packet takes, unless its CPU is kept from running. */
    private static final Duration INSTEAD = Duration.ofMillis(50);

    private PacketsUnderWay() {}

    /**
     * Waits until the packets of this moment have gone through, usually 5 to 20 ms. On machines whose kernel refuses
     * (membarrier(2): those with nohz_full CPUs) waits a fixed time instead.
     */
    public static void await() {
        if (NetLibC.INSTANCE.syscall(SYS_MEMBARRIER, GLOBAL, 0, 0) != 0) {
            LockSupport.parkNanos(INSTEAD.toNanos());
        }
    }
}
