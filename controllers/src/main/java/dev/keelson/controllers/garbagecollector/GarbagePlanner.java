package dev.keelson.controllers.garbagecollector;

import dev.keelson.controllers.garbagecollector.GarbagePlan.Action;
import dev.keelson.controllers.garbagecollector.GarbagePlan.Delete;
import dev.keelson.controllers.garbagecollector.GarbagePlan.DropOwners;
import dev.keelson.controllers.garbagecollector.GarbagePlan.OrphanDependent;
import dev.keelson.controllers.garbagecollector.GarbagePlan.RemoveFinalizer;
import dev.keelson.controllers.garbagecollector.OwnedView.Owner;
import dev.keelson.controllers.garbagecollector.OwnedView.OwnerState;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Decides what becomes of an object whose owners go, and when an object goes that waits for its dependents. A dependent
 * is judged by itself, with all of its owners: that of two owners one is deleted in the foreground does not delete it.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/architecture/garbage-collection/#cascading-deletion">Cascading
 *     deletion</a>
 */
final class GarbagePlanner {
    private GarbagePlanner() {}

    static GarbagePlan plan(OwnedView object) {
        return new GarbagePlan(object.deleting() ? whileDeleting(object) : whileAlive(object));
    }

    private static List<Action> whileDeleting(OwnedView object) {
        if (object.finalizers().contains(OwnedView.ORPHAN)) {
            return orphan(object);
        }
        boolean foreground = object.finalizers().contains(OwnedView.FOREGROUND);
        boolean blocked = object.dependents().stream().anyMatch(OwnedView.Dependent::blocks);
        return foreground && !blocked
                ? List.of(new RemoveFinalizer(OwnedView.FOREGROUND, "every dependent that blocks it is gone"))
                : List.of();
    }

    private static List<Action> orphan(OwnedView object) {
        if (object.dependents().isEmpty()) {
            return List.of(new RemoveFinalizer(OwnedView.ORPHAN, "no object names it as its owner any more"));
        }
        return object.dependents().stream()
                .<Action>map(dependent -> new OrphanDependent(dependent, "its owner is deleted without it"))
                .toList();
    }

    private static List<Action> whileAlive(OwnedView object) {
        if (object.owners().isEmpty()) {
            return List.of();
        }
        boolean wanted = object.owners().stream().anyMatch(owner -> owner.state() == OwnerState.ALIVE);
        Set<String> absent = with(object, OwnerState.ABSENT);
        Set<String> leaving = with(object, OwnerState.DELETING_FOREGROUND);
        if (wanted) {
            Set<String> lost = Stream.concat(absent.stream(), leaving.stream()).collect(Collectors.toUnmodifiableSet());
            return lost.isEmpty() ? List.of() : List.of(new DropOwners(lost, "these owners are gone, others stay"));
        }
        if (!leaving.isEmpty() && !object.dependents().isEmpty()) {
            // Its own dependents go before it, so that the owner's foreground deletion reaches all the way down.
            return List.of(new Delete("Foreground", "its owner is deleted in the foreground"));
        }
        return List.of(new Delete(propagation(object), "none of its owners stays"));
    }

    /** What somebody has already asked for by a finalizer holds. */
    private static String propagation(OwnedView object) {
        if (object.finalizers().contains(OwnedView.ORPHAN)) {
            return "Orphan";
        }
        return object.finalizers().contains(OwnedView.FOREGROUND) ? "Foreground" : "Background";
    }

    private static Set<String> with(OwnedView object, OwnerState state) {
        return object.owners().stream()
                .filter(owner -> owner.state() == state)
                .map(Owner::uid)
                .collect(Collectors.toUnmodifiableSet());
    }
}
