package dev.keelson.controllers.garbagecollector;

import java.util.List;
import java.util.Set;

/**
 * What the planner knows of an object: who owns it and what it waits for.
 *
 * @param finalizers by which the object's own deletion is held back
 * @param owners every owner that it names
 * @param dependents every other object that names it as an owner
 */
record OwnedView(boolean deleting, Set<String> finalizers, List<Owner> owners, List<Dependent> dependents) {
    static final String FOREGROUND = "foregroundDeletion";
    static final String ORPHAN = "orphan";

    enum OwnerState {
        ALIVE,
        /** No object of this kind, place and name has its uid, as the server itself confirmed. */
        ABSENT,
        /** It is being deleted and waits until those that block it are gone. */
        DELETING_FOREGROUND
    }

    record Owner(String uid, OwnerState state) {}

    /**
     * @param blocks whether its owner's foreground deletion waits for it: it says so, and does not itself wait for that
     *     owner in a circle
     */
    record Dependent(ObjectId id, String uid, boolean deleting, boolean blocks) {}

    OwnedView {
        finalizers = Set.copyOf(finalizers);
        owners = List.copyOf(owners);
        dependents = List.copyOf(dependents);
    }
}
