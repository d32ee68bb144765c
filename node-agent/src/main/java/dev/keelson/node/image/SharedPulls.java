package dev.keelson.node.image;

import dev.keelson.node.NodeException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Lets callers that want the same image with the same credentials share one pull. The pull runs on a thread of its own,
 * so a caller that is interrupted leaves it to the others.
 */
final class SharedPulls {
    private static final Logger LOG = System.getLogger(SharedPulls.class.getName());

    private record Key(ImageReference reference, List<RegistryAuth> credentials) {}

    private record Pull(CompletableFuture<Image> result, List<Consumer<PullProgress>> listeners) {
        void report(PullProgress progress) {
            for (Consumer<PullProgress> listener : listeners) {
                try {
                    listener.accept(progress);
                } catch (RuntimeException e) {
                    LOG.log(Level.DEBUG, "a listener of pull progress failed and hears no more", e);
                    listeners.remove(listener);
                }
            }
        }
    }

    private final Executor executor;
    private final Map<Key, Pull> running = new ConcurrentHashMap<>();

    SharedPulls(Executor executor) {
        this.executor = executor;
    }

    /** @param pull does the work, and reports its progress to what it is given */
    Image pull(
            ImageReference reference,
            List<RegistryAuth> credentials,
            Consumer<PullProgress> listener,
            Function<Consumer<PullProgress>, Image> pull) {
        Key key = new Key(reference, List.copyOf(credentials));
        Pull mine = new Pull(new CompletableFuture<>(), new CopyOnWriteArrayList<>(List.of(listener)));
        Pull shared = running.putIfAbsent(key, mine);
        if (shared == null) {
            executor.execute(() -> run(key, mine, pull));
            return await(mine);
        }
        shared.listeners().add(listener);
        return await(shared);
    }

    private void run(Key key, Pull mine, Function<Consumer<PullProgress>, Image> pull) {
        try {
            Image image = pull.apply(mine::report);
            running.remove(key, mine);
            mine.result().complete(image);
        } catch (RuntimeException | Error e) {
            running.remove(key, mine);
            mine.result().completeExceptionally(e);
        }
    }

    private static Image await(Pull pull) {
        try {
            return pull.result().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ImageErrors.unavailable("interrupted while an image was being pulled", e);
        } catch (java.util.concurrent.ExecutionException | CompletionException e) {
            if (e.getCause() instanceof NodeException failure) {
                throw failure;
            }
            throw new IllegalStateException("pulling an image failed", e.getCause());
        }
    }
}
