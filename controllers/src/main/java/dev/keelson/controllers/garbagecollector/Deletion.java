package dev.keelson.controllers.garbagecollector;

import dev.keelson.controllers.objects.Owners;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.Set;

/** How far the deletion of an object is. */
final class Deletion {
    private Deletion() {}

    static boolean began(HasMetadata object) {
        return object.getMetadata().getDeletionTimestamp() != null;
    }

    static Set<String> finalizers(HasMetadata object) {
        List<String> finalizers = object.getMetadata().getFinalizers();
        return finalizers == null ? Set.of() : Set.copyOf(finalizers);
    }

    /** Whether all that a deletion is judged by is the same of two versions of an object. */
    static boolean sameGrounds(HasMetadata one, HasMetadata other) {
        return one.getMetadata().getUid().equals(other.getMetadata().getUid())
                && Owners.references(one).equals(Owners.references(other))
                && finalizers(one).equals(finalizers(other))
                && began(one) == began(other);
    }

    static boolean inForeground(HasMetadata object) {
        return began(object) && finalizers(object).contains(OwnedView.FOREGROUND);
    }

    static boolean orphaning(HasMetadata object) {
        return began(object) && finalizers(object).contains(OwnedView.ORPHAN);
    }
}
