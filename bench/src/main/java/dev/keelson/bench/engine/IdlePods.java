package dev.keelson.bench.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Many pods that do nothing: how long they take to come and to go, and what each of them keeps. */
final class IdlePods {
    private static final int PODS = 500;
    private static final int AT_ONCE = 8;

    private final KeelsonEngine engine;

    IdlePods(KeelsonEngine engine) {
        this.engine = engine;
    }

    void measure() throws Exception {
        List<String> ids = IntStream.range(0, PODS).mapToObj(i -> "idle-" + i).toList();
        long heapBefore = heap();
        double started = each(ids, engine::start);
        long heapAfter = heap();
        print("%d idle pods, all started after     %.1f s", PODS, started);
        print("memory of a supervisor               %.0f KiB PSS", supervisorKib());
        print("heap for a pod in the agent          %.1f KiB", (heapAfter - heapBefore) / 1024.0 / PODS);
        print("%d idle pods, all removed after     %.1f s", PODS, each(ids, engine::remove));
    }

    private static double each(List<String> ids, java.util.function.Consumer<String> work) throws Exception {
        long start = System.nanoTime();
        try (ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<?>> running = new ArrayList<>();
            for (String id : ids) {
                running.add(workers.submit(() -> work.accept(id)));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private static long heap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** The mean proportional set size of the processes that keep these pods. */
    private double supervisorKib() throws IOException {
        List<Integer> pids = engine.supervisors();
        double total = 0;
        for (int pid : pids) {
            try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/smaps_rollup"))) {
                total += lines.filter(line -> line.startsWith("Pss:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                        .sum();
            }
        }
        return total / pids.size();
    }

    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
