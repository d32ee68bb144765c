package dev.keelson.bench.engine;

import dev.keelson.bench.Sample;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Starting a container and running {@code true} in it, without any control plane, beside crun, runc, podman and docker.
 * The tools take turns, so that a machine that slows down slows all of them. What one has removed the kernel takes apart for
 * a while after that, so there is a rest before each start.
 */
final class EngineBench {
    private static final int FIRST = 40;
    private static final int WARM_UP = 60;
    private static final Duration SETTLING = Duration.ofMillis(300);

    private EngineBench() {}

    /**
     * Arguments: a directory, the launcher, a name for groups, bridge and rules, and how often to measure. The directory is
     * empty, or one that a run has left that was killed; with 0 measurements all that it left is taken away.
     */
    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        int runs = Integer.parseInt(args[3]);
        Thread main = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> endOf(main)));
        try (KeelsonEngine engine = new KeelsonEngine(directory.resolve("engine"), Path.of(args[1]), args[2])) {
            if (runs > 0) {
                measure(engine, directory, runs);
            }
        }
    }

    /** A signal ends what is measured, and then everything is removed as at any other end. */
    private static void endOf(Thread main) {
        main.interrupt();
        try {
            main.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void measure(KeelsonEngine engine, Path directory, int runs) throws Exception {
        try (Peers peers = new Peers(directory)) {
            List<Tool> tools = new ArrayList<>(List.of(engine));
            tools.addAll(peers.usable());
            warmUp(engine);
            long[][] starts = new long[tools.size()][runs];
            long[][] execs = new long[tools.size()][runs];
            for (int run = 0; run < runs; run++) {
                for (int i = 0; i < tools.size(); i++) {
                    String id = "keelson-bench-" + run;
                    Thread.sleep(SETTLING);
                    starts[i][run] = tools.get(i).start(id);
                    execs[i][run] = tools.get(i).exec(id);
                    tools.get(i).remove(id);
                    if (Thread.interrupted()) {
                        throw new InterruptedException("ended by a signal");
                    }
                }
            }
            print("start a container", tools, starts);
            print("exec of true", tools, execs);
            new IdlePods(engine).measure();
        }
    }

    /** An agent's first containers run through code that is not compiled yet. */
    private static void warmUp(KeelsonEngine engine) throws InterruptedException {
        long[] first = new long[FIRST];
        for (int i = 0; i < FIRST + WARM_UP; i++) {
            Thread.sleep(SETTLING);
            long nanos = engine.start("warm");
            engine.exec("warm");
            engine.remove("warm");
            if (i < FIRST) {
                first[i] = nanos;
            }
        }
        System.out.println(new Sample("keelson, first containers", first).line());
    }

    private static void print(String what, List<Tool> tools, long[][] nanos) {
        System.out.println(what);
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < tools.size(); i++) {
            samples.add(new Sample(tools.get(i).name(), nanos[i]));
        }
        samples.forEach(sample -> System.out.println("  " + sample.line()));
        samples.stream()
                .skip(1)
                .forEach(peer -> System.out.println("  " + samples.getFirst().ratio(peer)));
    }
}
