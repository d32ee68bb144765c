package dev.keelson.controllers.garbagecollector;

import dev.keelson.controllers.garbagecollector.GarbagePlan.Action;
import dev.keelson.controllers.garbagecollector.GarbagePlan.Delete;
import dev.keelson.controllers.garbagecollector.GarbagePlan.DeleteDependent;
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
 * Decides what becomes of an object whose owners go, and of the dependents of an object that goes.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/architecture/garbage-collection/#cascading-deletion">Cascading
 *     deletion</a>
 */
final class GarbagePlanner {
    private GarbagePlanner() {}

    static GarbagePlan plan(OwnedView object) {
        if (object.deleting()) {
            return new GarbagePlan(whileDeleting(object));
        }
        return new GarbagePlan(whileAlive(object).toList());
    }

    private static List<Action> whileDeleting(OwnedView object) {
        if (object.finalizers().contains(OwnedView.ORPHAN)) {
            return orphan(object);
        }
        if (object.finalizers().contains(OwnedView.FOREGROUND)) {
            return foreground(object);
        }
        return List.of();
    }

    private static List<Action> orphan(OwnedView object) {
        if (object.dependents().isEmpty()) {
            return List.of(new RemoveFinalizer(OwnedView.ORPHAN, "no object names it as its owner any more"));
        }
        return object.dependents().stream()
                .<Action>map(dependent -> new OrphanDependent(dependent, "its owner is deleted without it"))
                .toList();
    }

    private static List<Action> foreground(OwnedView object) {
        boolean blocked = object.dependents().stream().anyMatch(OwnedView.Dependent::blocks);
        if (!blocked) {
            return List.of(new RemoveFinalizer(OwnedView.FOREGROUND, "every dependent that blocks it is gone"));
        }
        return object.dependents().stream()
                .filter(dependent -> !dependent.deleting())
                .<Action>map(dependent -> new DeleteDependent(dependent, "its owner is deleted in the foreground"))
                .toList();
    }

    private static Stream<Action> whileAlive(OwnedView object) {
        if (object.owners().isEmpty()) {
            return Stream.empty();
        }
        boolean wanted = object.owners().stream().anyMatch(owner -> owner.state() == OwnerState.ALIVE);
        Set<String> absent = with(object, OwnerState.ABSENT);
        Set<String> leaving = with(object, OwnerState.DELETING_FOREGROUND);
        if (wanted) {
            Set<String> lost = Stream.concat(absent.stream(), leaving.stream()).collect(Collectors.toUnmodifiableSet());
            return lost.isEmpty()
                    ? Stream.empty()
                    : Stream.of(new DropOwners(lost, "these owners are gone, others stay"));
        }
        if (!leaving.isEmpty()) {
            // Its own dependents go before it, so that the owner's foreground deletion reaches all the way down.
            String propagation = object.dependents().isEmpty() ? "Background" : "Foreground";
            return Stream.of(new Delete(propagation, "its owner is deleted in the foreground"));
        }
        return Stream.of(new Delete("Background", "none of its owners exists"));
    }

    private static Set<String> with(OwnedView object, OwnerState state) {
        return object.owners().stream()
                .filter(owner -> owner.state() == state)
                .map(Owner::uid)
                .collect(Collectors.toUnmodifiableSet());
    }
}
