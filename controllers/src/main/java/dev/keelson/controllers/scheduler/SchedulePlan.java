package dev.keelson.controllers.scheduler;

/** Where a pod goes. */
sealed interface SchedulePlan {

    record Bind(String node) implements SchedulePlan {}

    /** @param message how many nodes failed for which reason, as the Kubernetes scheduler words it */
    record Unschedulable(String message) implements SchedulePlan {}
}
