package dev.keelson.controllers.deployment;

import java.util.List;

/** What one pass does to the ReplicaSets of a Deployment, in this order. */
record DeploymentPlan(List<Action> actions) {

    sealed interface Action {
        String reason();
    }

    /** A ReplicaSet for the current template. */
    record Create(String name, int replicas, long revision, String reason) implements Action {}

    /** New size, revision or size annotations of an existing one. */
    record Update(String name, int replicas, long revision, String reason) implements Action {}

    /** The Deployment's own revision annotation. */
    record SetRevision(long revision, String reason) implements Action {}

    /** An old one beyond the history limit. */
    record Delete(String name, String uid, String reason) implements Action {}

    DeploymentPlan {
        actions = List.copyOf(actions);
    }
}
