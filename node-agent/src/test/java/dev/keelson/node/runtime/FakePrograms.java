package dev.keelson.node.runtime;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/** What the programs that {@link FakeRuntime} knows do. */
final class FakePrograms {
    private FakePrograms() {}

    static void run(FakeContainer container, Instant now) {
        List<String> args = container.config.args();
        switch (args.getFirst()) {
            case FakeRuntime.EXIT -> {
                int code = Integer.parseInt(args.get(1));
                container.end(code, code == 0 ? "Completed" : "Error", "", now);
            }
            case FakeRuntime.PRINT -> {
                FakeRuntime.appendLog(container.config.logFile(), Clock.fixed(now, ZoneOffset.UTC), args.get(1));
                container.end(0, "Completed", "", now);
            }
            default -> {
                // Every other program runs until it is stopped.
            }
        }
    }

    static ExecResult exec(ContainerConfig config, List<String> command) {
        return switch (command.getFirst()) {
            case FakeRuntime.EXIT -> new ExecResult(Integer.parseInt(command.get(1)), "", "");
            case FakeRuntime.PRINT -> new ExecResult(0, command.get(1) + "\n", "");
            default -> new ExecResult(0, "", "");
        };
    }
}
