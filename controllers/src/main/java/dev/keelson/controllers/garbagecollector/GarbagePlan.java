package dev.keelson.controllers.garbagecollector;

import java.util.List;
import java.util.Set;

/** What one pass does about an object, in this order. */
record GarbagePlan(List<Action> actions) {

    sealed interface Action {
        String reason();
    }

    /** Delete the object itself with this propagation. */
    record Delete(String propagation, String reason) implements Action {}

    /** Take references to owners that are gone or going off the object. */
    record DropOwners(Set<String> uids, String reason) implements Action {}

    /** Take the reference to this object off a dependent, because it is deleted with its dependents orphaned. */
    record OrphanDependent(OwnedView.Dependent dependent, String reason) implements Action {}

    /** Everything that this finalizer stands for has happened. */
    record RemoveFinalizer(String finalizer, String reason) implements Action {}

    GarbagePlan {
        actions = List.copyOf(actions);
    }
}
