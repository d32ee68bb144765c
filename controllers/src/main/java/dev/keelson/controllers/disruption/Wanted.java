package dev.keelson.controllers.disruption;

import io.fabric8.kubernetes.api.model.IntOrString;

/** What a budget asks for: one of three, because the server refuses both bounds at once. */
sealed interface Wanted {

    record MinAvailable(IntOrString amount) implements Wanted {}

    record MaxUnavailable(IntOrString amount) implements Wanted {}

    /** Neither bound: such a budget allows nothing. */
    record Nothing() implements Wanted {}

    /** Whether the bound is measured against what the pods' owners want, and not against the pods that there are. */
    default boolean ofScale() {
        return switch (this) {
            case MinAvailable(IntOrString amount) -> amount.getIntVal() == null;
            case MaxUnavailable(IntOrString unused) -> true;
            case Nothing() -> false;
        };
    }
}
