package dev.keelson.node.runtime;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;

/** The streams of a running process. Blocking; use from virtual or dedicated threads. */
public interface StreamSession extends AutoCloseable {

    /** Writes to the process's stdin; closing it gives the process end-of-file (an attached one only when its stdin is for one
     * client). */
    OutputStream stdin();

    InputStream stdout();

    /** Empty at once when there is a tty. */
    InputStream stderr();

    /** Tells the process's terminal its new size. */
    void resize(int columns, int rows);

    /** Completes with the exit code (128 + signal) once the process is gone; for attach, when it detaches. */
    CompletableFuture<Integer> exitCode();

    /** Ends the session; an exec'd process is killed, an attached one goes on. */
    @Override
    void close();
}
