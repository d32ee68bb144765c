package dev.keelson.cli.command;

import dev.keelson.cli.cluster.DatabaseWait;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Lets the server boot beside a database that is being made or recovers, and wait before its storage asks it: the
 * client logs a stack trace for each connection that is refused.
 */
@ApplicationScoped
class DatabaseFirst {
    void await(@Observes @Priority(1) StartupEvent starting) {
        DatabaseWait.untilItListens(System.getenv());
    }
}
