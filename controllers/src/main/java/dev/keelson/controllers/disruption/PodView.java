package dev.keelson.controllers.disruption;

/** A pod that a budget selects, as far as the budget looks at it. */
record PodView(String name, boolean ready, boolean deleting, Owner owner) {

    /** Who keeps up the number of such pods. */
    sealed interface Owner {

        /** Nobody: the pod was made by hand. */
        record None() implements Owner {}

        /** An object that names its scale. */
        record Scaled(String uid, int replicas) implements Owner {}

        /** The pod names one that does not exist. */
        record Gone() implements Owner {}

        /** The pod names one that has no scale; {@code problem} says so as Kubernetes does. */
        record Unscalable(String problem) implements Owner {}
    }
}
