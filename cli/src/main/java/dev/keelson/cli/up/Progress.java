package dev.keelson.cli.up;

import java.io.PrintStream;
import java.util.Locale;

/** Tells the user what goes on, one line per step, with the seconds since the command began. */
public final class Progress {
    private final PrintStream out;
    private final long start = System.nanoTime();
    private String last = "";

    public Progress(PrintStream out) {
        this.out = out;
    }

    /** Prints the step unless it is what was said last. */
    public void say(String step) {
        if (!step.equals(last)) {
            out.printf(Locale.ROOT, "[%5.1fs] %s%n", (System.nanoTime() - start) / 1e9, step);
            last = step;
        }
    }
}
