package dev.keelson.linux;

import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/** Signal names as in signal(7) for x86 and ARM. */
public final class Signals {
    public static final int SIGKILL = 9;
    public static final int SIGTERM = 15;
    private static final int SIGRTMIN = 34;
    private static final int SIGRTMAX = 64;
    private static final List<String> NAMES = List.of(
            "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
            "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF",
            "WINCH", "IO", "PWR", "SYS");

    private Signals() {}

    /** The number of {@code SIGTERM}, {@code TERM}, {@code RTMIN+3} or {@code 15}; empty when there is no such signal. */
    public static OptionalInt number(String name) {
        String bare = name.toUpperCase(Locale.ROOT).replaceFirst("^SIG", "");
        if (bare.matches("\\d{1,2}")) {
            int number = Integer.parseInt(bare);
            return number >= 1 && number <= SIGRTMAX ? OptionalInt.of(number) : OptionalInt.empty();
        }
        if (bare.matches("RTMIN(\\+\\d{1,2})?")) {
            return realTime(SIGRTMIN, bare.substring("RTMIN".length()));
        }
        if (bare.matches("RTMAX(-\\d{1,2})?")) {
            return realTime(SIGRTMAX, bare.substring("RTMAX".length()));
        }
        int index = NAMES.indexOf(bare);
        return index < 0 ? OptionalInt.empty() : OptionalInt.of(index + 1);
    }

    private static OptionalInt realTime(int base, String offset) {
        int number = base + (offset.isEmpty() ? 0 : Integer.parseInt(offset));
        return number >= SIGRTMIN && number <= SIGRTMAX ? OptionalInt.of(number) : OptionalInt.empty();
    }
}
