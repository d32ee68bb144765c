package dev.keelson.controllers.objects;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reading and making owner references. */
public final class Owners {
    /** The name of the cache index over {@link #uids}. */
    public static final String BY_OWNER = "owner-uid";

    private Owners() {}

    /** The one owner that manages the object, if there is one. */
    public static Optional<OwnerReference> controller(HasMetadata object) {
        return references(object).stream()
                .filter(owner -> Boolean.TRUE.equals(owner.getController()))
                .findFirst();
    }

    public static boolean isControlledBy(HasMetadata object, String ownerUid) {
        return controller(object)
                .filter(owner -> owner.getUid().equals(ownerUid))
                .isPresent();
    }

    public static List<OwnerReference> references(HasMetadata object) {
        List<OwnerReference> references = object.getMetadata().getOwnerReferences();
        return references == null ? List.of() : references;
    }

    /** The uids of all owners, for a cache index. */
    public static List<String> uids(HasMetadata object) {
        return references(object).stream().map(OwnerReference::getUid).toList();
    }

    /** The reference by which {@code owner} manages others; its foreground deletion waits for them. */
    public static OwnerReference controllerReference(HasMetadata owner) {
        return new OwnerReferenceBuilder()
                .withApiVersion(owner.getApiVersion())
                .withKind(owner.getKind())
                .withName(owner.getMetadata().getName())
                .withUid(owner.getMetadata().getUid())
                .withController(true)
                .withBlockOwnerDeletion(true)
                .build();
    }

    /** The references of an object after {@code owner} has taken it over. */
    public static List<OwnerReference> with(HasMetadata object, HasMetadata owner) {
        return Stream.concat(references(object).stream(), Stream.of(controllerReference(owner)))
                .toList();
    }

    /** The references of an object without those to one owner. */
    public static List<OwnerReference> without(HasMetadata object, String ownerUid) {
        return references(object).stream()
                .filter(owner -> !owner.getUid().equals(ownerUid))
                .toList();
    }
}
