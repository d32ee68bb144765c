package dev.keelson.bench.store;

import dev.keelson.bench.Sample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Loads by turns, so that a slow minute of the machine meets all of them. */
final class Turns {
    private record Measured(Load load, List<Loops.Result> results) {
        private Sample all() {
            return new Sample(
                    load.name(),
                    results.stream()
                            .flatMapToLong(
                                    result -> Arrays.stream(result.sample().nanos()))
                            .toArray());
        }

        private double medianPerSecond() {
            return median(results.stream().mapToDouble(Loops.Result::perSecond).toArray());
        }

        private String line(String how) {
            return Latencies.line(all()) + String.format(Locale.ROOT, "   %.0f/s%s", medianPerSecond(), how);
        }
    }

    private final List<Measured> measured;
    private final String how;

    private Turns(List<Measured> measured, String how) {
        this.measured = measured;
        this.how = how;
    }

    /** @param how the clients reach the stores, for the lines */
    static Turns run(List<Load> loads, int clients, String how, int turns, Duration each) throws Exception {
        List<Measured> measured = loads.stream()
                .map(load -> new Measured(load, new ArrayList<>()))
                .toList();
        for (int i = 0; i < turns; i++) {
            for (Measured one : measured) {
                one.results().add(one.load().run(clients, each));
            }
        }
        return new Turns(measured, how);
    }

    /** A line for each load, and one for each but the last of how the last compares with it. */
    void print() {
        measured.forEach(one -> System.out.println(one.line(how)));
        Measured last = measured.getLast();
        measured.subList(0, measured.size() - 1).forEach(peer -> System.out.println(compared(last, peer)));
    }

    private static String compared(Measured own, Measured peer) {
        double[] ratios = IntStream.range(0, own.results().size())
                .mapToDouble(turn -> own.results().get(turn).perSecond()
                        / peer.results().get(turn).perSecond())
                .toArray();
        return String.format(
                Locale.ROOT,
                "  %s / %s: latency %.2fx, throughput %.2fx (turns %s)",
                own.load().name(),
                peer.load().name(),
                own.all().medianMillis() / peer.all().medianMillis(),
                median(ratios),
                IntStream.range(0, ratios.length)
                        .mapToObj(turn -> String.format(Locale.ROOT, "%.2f", ratios[turn]))
                        .toList());
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
