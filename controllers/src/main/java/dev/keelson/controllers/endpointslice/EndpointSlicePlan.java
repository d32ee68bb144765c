package dev.keelson.controllers.endpointslice;

import java.util.List;

/** What one pass does to the slices of a service. */
record EndpointSlicePlan(List<Action> actions) {

    sealed interface Action {}

    record Create(SliceView slice) implements Action {}

    record Update(SliceView slice) implements Action {}

    record Delete(String name) implements Action {}

    EndpointSlicePlan {
        actions = List.copyOf(actions);
    }
}
