package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.print.Columns;
import dev.keelson.apiserver.registry.rules.Tree;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The one-word summary of a pod that kubectl's users know ({@code CrashLoopBackOff}, {@code Init:0/1},
 * {@code Terminating}), with the counts beside it.
 *
 * @param ready containers that are ready, of {@code total}
 * @param lastRestart when a container last ended before a restart
 */
record PodStatusWord(String word, int ready, int total, long restarts, Optional<Instant> lastRestart) {

    static PodStatusWord of(ObjectNode pod) {
        return new Reader(pod).read();
    }

    /** {@code 3} or {@code 3 (5m ago)}. */
    String restartsCell(Instant now) {
        return lastRestart
                .filter(moment -> restarts > 0)
                .map(moment -> "%d (%s ago)".formatted(restarts, Columns.since(moment.toString(), now)))
                .orElse(Long.toString(restarts));
    }

    /** Reads init containers first; only when they are done do the others decide the word. */
    private static final class Reader {
        private final ObjectNode pod;
        private final Set<String> sidecars = new HashSet<>();
        private String word;
        private int ready;
        private boolean initializing;
        private final Restarts restarts = new Restarts();
        private final Restarts sidecarRestarts = new Restarts();

        Reader(ObjectNode pod) {
            this.pod = pod;
            this.word = phaseOrReason();
            for (ObjectNode container : Tree.objects(pod, "spec", "initContainers")) {
                if (Tree.text(container, "restartPolicy").equals("Always")) {
                    sidecars.add(Tree.text(container, "name"));
                }
            }
        }

        PodStatusWord read() {
            readInitContainers();
            Restarts counted = restarts;
            if (!initializing || conditionIsTrue("Initialized")) {
                counted = sidecarRestarts;
                readContainers(counted);
            }
            int total = Tree.objects(pod, "spec", "containers").size() + sidecars.size();
            return new PodStatusWord(deletionWord().orElse(word), ready, total, counted.count, counted.last);
        }

        private String phaseOrReason() {
            String reason = Tree.text(pod, "status", "reason");
            boolean gated = Tree.objects(pod, "status", "conditions").stream()
                    .anyMatch(condition -> Tree.text(condition, "type").equals("PodScheduled")
                            && Tree.text(condition, "reason").equals("SchedulingGated"));
            if (gated) {
                return "SchedulingGated";
            }
            return reason.isEmpty() ? Tree.text(pod, "status", "phase") : reason;
        }

        private void readInitContainers() {
            List<ObjectNode> statuses = Tree.objects(pod, "status", "initContainerStatuses");
            int total = Tree.objects(pod, "spec", "initContainers").size();
            for (int i = 0; i < statuses.size() && !initializing; i++) {
                ObjectNode status = statuses.get(i);
                boolean sidecar = sidecars.contains(Tree.text(status, "name"));
                restarts.add(status);
                if (sidecar) {
                    sidecarRestarts.add(status);
                }
                if (sidecar && Tree.isTrue(status, "started")) {
                    ready += Tree.isTrue(status, "ready") ? 1 : 0;
                } else if (!succeeded(status)) {
                    word = initWord(status, i, total);
                    initializing = true;
                }
            }
        }

        private static boolean succeeded(ObjectNode status) {
            return Tree.object(status, "state", "terminated")
                    .filter(end -> Tree.number(end, "exitCode").orElse(0L) == 0)
                    .isPresent();
        }

        private static String initWord(ObjectNode status, int index, int total) {
            Optional<String> end = Tree.object(status, "state", "terminated").map(Reader::endWord);
            String waiting = Tree.text(status, "state", "waiting", "reason");
            if (end.isPresent()) {
                return "Init:" + end.get();
            }
            return waiting.isEmpty() || waiting.equals("PodInitializing")
                    ? "Init:%d/%d".formatted(index, total)
                    : "Init:" + waiting;
        }

        private static String endWord(ObjectNode terminated) {
            String reason = Tree.text(terminated, "reason");
            long signal = Tree.number(terminated, "signal").orElse(0L);
            if (!reason.isEmpty()) {
                return reason;
            }
            return signal != 0
                    ? "Signal:" + signal
                    : "ExitCode:" + Tree.number(terminated, "exitCode").orElse(0L);
        }

        private void readContainers(Restarts counted) {
            boolean running = false;
            // From the last to the first: the first container with something to say has the word.
            for (ObjectNode status :
                    Tree.objects(pod, "status", "containerStatuses").reversed()) {
                counted.add(status);
                String waiting = Tree.text(status, "state", "waiting", "reason");
                Optional<String> end =
                        Tree.object(status, "state", "terminated").map(Reader::endWord);
                if (!waiting.isEmpty()) {
                    word = waiting;
                } else if (end.isPresent()) {
                    word = end.get();
                } else if (Tree.isTrue(status, "ready")
                        && Tree.object(status, "state", "running").isPresent()) {
                    running = true;
                    ready++;
                }
            }
            if (word.equals("Completed") && running) {
                word = conditionIsTrue("Ready") ? "Running" : "NotReady";
            }
        }

        private Optional<String> deletionWord() {
            if (!Tree.has(pod, "metadata", "deletionTimestamp")) {
                return Optional.empty();
            }
            if (Tree.text(pod, "status", "reason").equals("NodeLost")) {
                return Optional.of("Unknown");
            }
            String phase = Tree.text(pod, "status", "phase");
            return phase.equals("Succeeded") || phase.equals("Failed") ? Optional.empty() : Optional.of("Terminating");
        }

        private boolean conditionIsTrue(String type) {
            return Tree.objects(pod, "status", "conditions").stream()
                    .anyMatch(condition -> Tree.text(condition, "type").equals(type)
                            && Tree.text(condition, "status").equals("True"));
        }
    }

    private static final class Restarts {
        private long count;
        private Optional<Instant> last = Optional.empty();

        void add(ObjectNode status) {
            count += Tree.number(status, "restartCount").orElse(0L);
            Optional<Instant> ended = Columns.instant(Tree.text(status, "lastState", "terminated", "finishedAt"));
            if (ended.isPresent() && (last.isEmpty() || ended.get().isAfter(last.get()))) {
                last = ended;
            }
        }
    }
}
