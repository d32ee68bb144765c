package dev.keelson.node;

import dev.keelson.crds.client.Informer;
import dev.keelson.node.manifest.StaticPods;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Begins with the pods of both who want some on this node, the API server and the manifest directory, and says when both
 * have spoken: only then is it known what on this node is nobody's.
 */
final class PodFollower implements Runnable {
    private static final Logger LOG = System.getLogger(PodFollower.class.getName());
    private static final Duration STATIC_PATIENCE = Duration.ofSeconds(5);
    private static final Duration SYNC_NOTICE = Duration.ofSeconds(10);

    private final Informer<Service> services;
    private final Informer<Pod> bound;
    private final StaticPods staticPods;
    private final Consumer<Supplier<List<String>>> known;

    /**
     * @param bound the API server's pods of this node; started here
     * @param known told once what answers the uids of all pods that are wanted here
     */
    PodFollower(
            Informer<Service> services,
            Informer<Pod> bound,
            StaticPods staticPods,
            Consumer<Supplier<List<String>>> known) {
        this.services = services;
        this.bound = bound;
        this.staticPods = staticPods;
        this.known = known;
    }

    /** Ends when everything has begun, or when it is interrupted. */
    @Override
    public void run() {
        // Containers are told of services by their environment, which is fixed when they start.
        if (!services.awaitSync(STATIC_PATIENCE)) {
            staticPods.start();
        }
        awaitSync(services, "services");
        bound.start();
        // Static pods need nobody, but what was reported of them before is worth a moment's patience.
        bound.awaitSync(STATIC_PATIENCE);
        staticPods.start();
        awaitSync(bound, "pods");
        try {
            staticPods.awaitFirstLook();
            known.accept(this::wanted);
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private List<String> wanted() {
        return Stream.concat(
                        bound.lister().list().stream()
                                .map(pod -> pod.getMetadata().getUid()),
                        staticPods.uids().stream())
                .toList();
    }

    private static void awaitSync(Informer<?> informer, String what) {
        while (!informer.awaitSync(SYNC_NOTICE)) {
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
            LOG.log(Level.INFO, "waiting for the API server to list {0}", what);
        }
    }
}
