package dev.keelson.apiserver.admission;

/**
 * One say in whether and how a write happens. Called on a virtual thread: an implementation may wait, for example for
 * another object or a webhook. Refuses with {@link dev.keelson.apiserver.registry.ApiFailure}.
 */
public interface Admission {

    /** Completes the object in place, before it is validated. */
    default void mutate(AdmissionRequest request) {}

    /** Judges the object as it will be stored. */
    default void validate(AdmissionRequest request) {}
}
