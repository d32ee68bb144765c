package dev.keelson.controllers.scheduler;

import io.fabric8.kubernetes.api.model.Pod;

/** Makes a decision true. */
interface Binder {

    /** Binds the pod; fails with {@code CONFLICT} when it has been bound, replaced or deleted meanwhile. */
    void bind(Pod pod, String node);
}
