package dev.keelson.controllers.runtime;

import io.fabric8.kubernetes.api.model.HasMetadata;

/** Tells users, through Event objects, what a controller did or could not do. Never fails and never blocks its caller. */
public interface EventRecorder {

    void normal(HasMetadata about, String reason, String message);

    void warning(HasMetadata about, String reason, String message);

    /** For tests that do not look at events. */
    EventRecorder NONE = new EventRecorder() {
        @Override
        public void normal(HasMetadata about, String reason, String message) {}

        @Override
        public void warning(HasMetadata about, String reason, String message) {}
    };
}
