package dev.keelson.controllers.runtime;

import dev.keelson.crds.client.ApiClient;
import java.time.InstantSource;

/** What every controller is built from. A simulation passes its own clock, caches and one-by-one fan-out. */
public record ControllerContext(
        ApiClient client, Informers informers, InstantSource clock, EventRecorder events, Fanout fanout) {}
