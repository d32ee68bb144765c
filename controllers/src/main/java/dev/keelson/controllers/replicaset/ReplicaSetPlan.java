package dev.keelson.controllers.replicaset;

import java.util.List;
import java.util.stream.Stream;

/** What one pass does to the pods of a ReplicaSet. */
record ReplicaSetPlan(List<Action> actions) {

    sealed interface Action {
        String reason();
    }

    /** Take a pod that nobody controls and the selector matches. */
    record Adopt(String pod, String uid, String reason) implements Action {}

    /** Let go of a pod that the selector no longer matches. */
    record Release(String pod, String uid, String reason) implements Action {}

    record CreatePod(String reason) implements Action {}

    record DeletePod(String pod, String uid, String reason) implements Action {}

    ReplicaSetPlan {
        actions = List.copyOf(actions);
    }

    <A extends Action> List<A> of(Class<A> kind) {
        return actions.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    static ReplicaSetPlan of(Stream<? extends Action> actions) {
        return new ReplicaSetPlan(actions.<Action>map(action -> action).toList());
    }
}
