package dev.keelson.controllers.simulation;

import dev.keelson.controllers.ControllerConfig;
import dev.keelson.controllers.Controllers;
import dev.keelson.controllers.runtime.ControllerContext;
import dev.keelson.controllers.runtime.ControllerLoop;
import dev.keelson.controllers.runtime.EventRecorder;
import dev.keelson.controllers.runtime.Fanout;
import dev.keelson.controllers.serviceaccount.TokenKeyFiles;
import dev.keelson.crds.client.ApiClient;
import dev.keelson.crds.client.fake.FakeApiServer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** One life of the controller process, from a fresh list to its crash, driven step by step. */
final class ControlPlane {
    private final SimInformers informers;
    private final List<ControllerLoop<?>> loops;

    ControlPlane(FakeApiServer server, ApiClient writes, Clock clock, Path rootCa) {
        informers = new SimInformers(server.client());
        ControllerContext context =
                new ControllerContext(writes, informers, clock, EventRecorder.NONE, Fanout.SEQUENTIAL);
        ControllerConfig config =
                new ControllerConfig("simulation", "10.42.0.0/16", rootCa, rootCa, new TokenKeyFiles(rootCa, rootCa));
        loops = Controllers.all(context, config).stream()
                .<ControllerLoop<?>>map(controller -> new ControllerLoop<>(controller, clock))
                .toList();
        informers.listAll();
    }

    /** Lets a random controller take its next key; false when it has none. */
    boolean reconcileOne(Random random) {
        return loops.get(random.nextInt(loops.size())).step();
    }

    /** Shows a random type's cache its next event; false when it has none. */
    boolean deliverOne(Random random) {
        List<String> types = informers.types();
        return informers.deliver(types.get(random.nextInt(types.size())));
    }

    void disconnectOne(Random random) {
        List<String> types = informers.types();
        informers.disconnect(types.get(random.nextInt(types.size())));
    }

    /** Does all that can be done without time passing; whether there was anything. */
    boolean drain() {
        boolean any = false;
        boolean moved = true;
        while (moved) {
            moved = false;
            for (String type : informers.types()) {
                while (informers.deliver(type)) {
                    moved = true;
                }
            }
            for (ControllerLoop<?> loop : loops) {
                moved |= loop.step();
            }
            any |= moved;
        }
        return any;
    }

    /** When the next delayed key is due. */
    Optional<Instant> nextDue() {
        return loops.stream().flatMap(loop -> loop.queue().nextDue().stream()).min(Instant::compareTo);
    }
}
