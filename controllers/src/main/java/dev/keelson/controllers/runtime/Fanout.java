package dev.keelson.controllers.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs the requests of one plan side by side, or one after the other where order must be repeatable. */
public interface Fanout {

    /** Runs all and answers how many succeeded, with one of the failures if there was any. */
    <T> Results<T> run(List<Callable<T>> calls);

    /** The answers of the calls that succeeded. */
    record Results<T>(List<T> answers, Optional<RuntimeException> failure) {
        public Results {
            answers = List.copyOf(answers);
        }
    }

    /** One virtual thread per request. */
    Fanout PARALLEL = new Fanout() {
        @Override
        public <T> Results<T> run(List<Callable<T>> calls) {
            if (calls.size() == 1) {
                return SEQUENTIAL.run(calls);
            }
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<T>> started = calls.stream().map(threads::submit).toList();
                List<Callable<T>> waits = started.stream()
                        .<Callable<T>>map(future -> () -> await(future))
                        .toList();
                return SEQUENTIAL.run(waits);
            }
        }
    };

    /** One after the other, also after a failure. */
    Fanout SEQUENTIAL = new Fanout() {
        @Override
        public <T> Results<T> run(List<Callable<T>> calls) {
            List<T> answers = new ArrayList<>();
            Optional<RuntimeException> failure = Optional.empty();
            for (Callable<T> call : calls) {
                try {
                    answers.add(call.call());
                } catch (RuntimeException failed) {
                    failure = Optional.of(failed);
                } catch (Exception checked) {
                    failure = Optional.of(new IllegalStateException(checked));
                }
            }
            return new Results<>(answers, failure);
        }
    };

    private static <T> T await(Future<T> future) throws Exception {
        try {
            return future.get();
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof Exception exception ? exception : failed;
        }
    }

    /**
     * Runs the calls in batches of 1, 2, 4, ... and stops after the first batch with a failure, so that a quota or a broken
     * template costs a few refused requests and not hundreds.
     */
    default <T> Results<T> slowStart(List<Callable<T>> calls) {
        List<T> answers = new ArrayList<>();
        int batch = 1;
        for (int start = 0; start < calls.size(); start += batch, batch *= 2) {
            Results<T> part = run(calls.subList(start, Math.min(calls.size(), start + batch)));
            answers.addAll(part.answers());
            if (part.failure().isPresent()) {
                return new Results<>(answers, part.failure());
            }
        }
        return new Results<>(answers, Optional.empty());
    }
}
