package dev.keelson.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Facts from proc(5) that tell one process from another that later has the same id. */
public final class Processes {
    private static final int START_TIME_FIELD = 22;

    private Processes() {}

    /** When the process started, in clock ticks since boot; empty when there is none. */
    public static OptionalLong startTicks(int pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            // The name is in parentheses and may hold anything: count from the last one, which ends field 2.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            boolean dead = fields[0].equals("Z") || fields[0].equals("X");
            return dead ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(fields[START_TIME_FIELD - 3]));
        } catch (IOException | RuntimeException e) {
            return OptionalLong.empty();
        }
    }

    /** Whether the process that had this start time is still there. */
    public static boolean alive(int pid, long startTicks) {
        OptionalLong now = pid > 0 ? startTicks(pid) : OptionalLong.empty();
        return now.isPresent() && now.getAsLong() == startTicks;
    }

    /** Identifies this boot of the machine. */
    public static String bootId() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        } catch (IOException e) {
            throw new IllegalStateException("cannot read the kernel's boot id; is /proc mounted?", e);
        }
    }
}
