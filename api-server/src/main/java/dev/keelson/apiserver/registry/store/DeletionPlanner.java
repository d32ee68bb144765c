package dev.keelson.apiserver.registry.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.store.DeleteOptions.Propagation;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;

/**
 * Decides what a delete request does to an object (apiserver's {@code rest.BeforeDelete} and the registry store's
 * deletion). Pure: the moment is an argument, the object is not changed.
 */
final class DeletionPlanner {
    private static final long DEFAULT_POD_GRACE = 30;
    /** The last moment that RFC 3339 can write. */
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    private DeletionPlanner() {}

    static Deletion plan(ResourceDefinition kind, ObjectNode object, DeleteOptions options, Instant now) {
        ObjectNode next = object.deepCopy();
        boolean finalizersChanged = applyPropagation(next, options);
        kind.strategy().prepareForDelete(next, now);
        long grace = grace(kind, object, options);
        boolean held = Meta.hasFinalizers(next)
                || !next.path("spec").path("finalizers").isEmpty() && isNamespace(kind);
        if (Meta.deleting(object)) {
            return again(next, grace, held, finalizersChanged, options);
        }
        if (!held && !endsInSteps(kind)) {
            // Whoever watches sees the object go as it was last, not marked by what has already happened to it.
            return new Deletion.Remove(next);
        }
        mark(next, now, grace);
        if (isNamespace(kind)) {
            Meta.of(next);
            statusOf(next).put("phase", "Terminating");
        }
        return grace == 0 && !held ? new Deletion.Remove(next) : new Deletion.Mark(next);
    }

    /** A repeated request may only shorten the time that is left. */
    private static Deletion again(
            ObjectNode next, long grace, boolean held, boolean finalizersChanged, DeleteOptions options) {
        long before = Meta.deletionGrace(next).orElse(0L);
        boolean shorter = options.graceSeconds().isPresent() && grace < before;
        long left = shorter ? grace : before;
        if (shorter) {
            Instant asked = Instant.parse(
                            next.path("metadata").path("deletionTimestamp").asText())
                    .minusSeconds(before);
            mark(next, asked, grace);
        }
        if (left == 0 && !held) {
            return new Deletion.Remove(next);
        }
        return shorter || finalizersChanged ? new Deletion.Mark(next) : new Deletion.Pending();
    }

    /** A grace period is any 64-bit number of seconds; the moment that it ends has to have a year of four digits. */
    private static void mark(ObjectNode object, Instant asked, long wanted) {
        ObjectNode metadata = Meta.of(object);
        Instant begin = asked.truncatedTo(ChronoUnit.SECONDS);
        long grace = Math.min(wanted, LATEST.getEpochSecond() - begin.getEpochSecond());
        metadata.put("deletionTimestamp", begin.plusSeconds(grace).toString());
        metadata.put("deletionGracePeriodSeconds", grace);
        JsonNode generation = metadata.path("generation");
        if (generation.isIntegralNumber()) {
            metadata.put("generation", generation.asLong() + 1);
        }
    }

    /** Pods stop and namespaces are emptied; of others nothing is written before they go, unless finalizers hold them. */
    private static boolean endsInSteps(ResourceDefinition kind) {
        return isPods(kind) || isNamespace(kind);
    }

    private static boolean isPods(ResourceDefinition kind) {
        return kind.group().isEmpty() && kind.plural().equals("pods");
    }

    /** Only pods stop gracefully; one that no node runs, or that has ended, has nothing to stop. */
    private static long grace(ResourceDefinition kind, ObjectNode object, DeleteOptions options) {
        if (!isPods(kind)) {
            return 0;
        }
        boolean unscheduled = object.path("spec").path("nodeName").asText("").isEmpty();
        boolean ended = Set.of("Succeeded", "Failed")
                .contains(object.path("status").path("phase").asText(""));
        if (unscheduled || ended) {
            return 0;
        }
        long asked = options.graceSeconds().orElseGet(() -> object.path("spec")
                .path("terminationGracePeriodSeconds")
                .asLong(DEFAULT_POD_GRACE));
        return asked < 0 ? 1 : asked;
    }

    private static boolean applyPropagation(ObjectNode object, DeleteOptions options) {
        if (options.propagation().isEmpty()) {
            return false;
        }
        String wanted = options.propagation().get().finalizer();
        List<String> before = MetaRules.texts(object.path("metadata").path("finalizers"));
        List<String> after = new java.util.ArrayList<>(before);
        after.removeIf(name -> !name.equals(wanted)
                && (name.equals(Propagation.FOREGROUND.finalizer()) || name.equals(Propagation.ORPHAN.finalizer())));
        if (!wanted.isEmpty() && !after.contains(wanted)) {
            after.add(wanted);
        }
        if (after.equals(before)) {
            return false;
        }
        if (after.isEmpty()) {
            Meta.of(object).remove("finalizers");
        } else {
            ArrayNode array = Meta.of(object).putArray("finalizers");
            after.forEach(array::add);
        }
        return true;
    }

    private static boolean isNamespace(ResourceDefinition kind) {
        return kind.group().isEmpty() && kind.plural().equals("namespaces");
    }

    private static ObjectNode statusOf(ObjectNode object) {
        return object.get("status") instanceof ObjectNode status ? status : object.putObject("status");
    }
}
