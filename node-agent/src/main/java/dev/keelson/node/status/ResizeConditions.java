package dev.keelson.node.status;

import dev.keelson.node.pod.plan.Failure;
import dev.keelson.node.pod.plan.PodObserved;
import dev.keelson.node.pod.plan.Resize;
import dev.keelson.node.pod.plan.ResizeRoom;
import dev.keelson.node.pod.plan.Stage;
import dev.keelson.node.pod.spec.DesiredContainer;
import dev.keelson.node.pod.spec.DesiredPod;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What is said of a change of resources that has not come about yet (Kubernetes: "Pod resize status"). Pure. */
record ResizeConditions(Optional<Note> pending, Optional<Note> inProgress) {

    record Note(String reason, String message) {}

    static ResizeConditions of(DesiredPod pod, PodObserved seen) {
        List<String> changing =
                Stream.concat(whole(pod, seen), containers(pod, seen)).toList();
        if (changing.isEmpty()) {
            return new ResizeConditions(Optional.empty(), Optional.empty());
        }
        return switch (seen.room()) {
            case ResizeRoom.Infeasible(String message) -> pending("Infeasible", message);
            case ResizeRoom.Deferred(String message) -> pending("Deferred", message);
            case ResizeRoom.Fits _ -> new ResizeConditions(Optional.empty(), Optional.of(progress(changing, seen)));
        };
    }

    /** The pod as a whole is called by an empty name, as its failures are. */
    private static Stream<String> whole(DesiredPod pod, PodObserved seen) {
        boolean changes = seen.sandboxReady() && !(Resize.ofPod(pod, seen.applied(pod.uid())) instanceof Resize.None);
        return changes ? Stream.of("") : Stream.empty();
    }

    private static Stream<String> containers(DesiredPod pod, PodObserved seen) {
        return Stream.concat(pod.sidecars(), pod.containers().stream())
                .filter(container -> seen.running().stream()
                        .filter(run -> run.name().equals(container.name()))
                        .anyMatch(run -> !(Resize.of(container, seen.applied(run.id())) instanceof Resize.None)))
                .map(DesiredContainer::name);
    }

    private static ResizeConditions pending(String reason, String message) {
        return new ResizeConditions(Optional.of(new Note(reason, message)), Optional.empty());
    }

    private static Note progress(List<String> changing, PodObserved seen) {
        return changing.stream()
                .flatMap(subject -> seen.failure(Stage.RESIZE, subject).stream())
                .map(Failure::message)
                .findFirst()
                .map(message -> new Note("Error", message))
                .orElseGet(() -> new Note("", ""));
    }

    /** {@code status.resize}, which came before the conditions and is still read by clients. */
    String word() {
        return pending.map(Note::reason)
                .or(() -> inProgress.map(_ -> "InProgress"))
                .orElse("");
    }
}
