package dev.keelson.apiserver.http.verb;

import dev.keelson.apiserver.http.request.QueryParameters;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.StatusDetails;
import dev.keelson.apiserver.registry.StatusReason;
import dev.keelson.apiserver.storage.Revision;
import java.util.List;
import java.util.Optional;

/**
 * Which objects a list or watch is about, and as of when (meta.k8s.io/v1 ListOptions).
 *
 * @param revision empty when the client named none
 * @param limit most items in one answer; 0 for all
 * @param continueToken where an earlier answer stopped, or empty
 * @param metadataChangesOnly whether a watch is not told of changes of {@code metadata.resourceVersion}, {@code
 *     generation} and {@code managedFields} alone, whatever else of the object changed (Keelson's own)
 */
public record ListParameters(
        Selection selection,
        Optional<Revision> revision,
        Match match,
        int limit,
        String continueToken,
        Optional<Boolean> sendInitialEvents,
        boolean bookmarks,
        boolean metadataChangesOnly,
        long timeoutSeconds) {

    public enum Match {
        UNSET,
        NOT_OLDER_THAN,
        EXACT
    }

    public static ListParameters parse(QueryParameters query, ResourceDefinition kind) {
        Optional<Boolean> initial =
                query.has("sendInitialEvents") ? Optional.of(query.flag("sendInitialEvents")) : Optional.empty();
        ListParameters parameters = new ListParameters(
                Selection.parse(query, kind),
                revision(query.text("resourceVersion")),
                match(query.text("resourceVersionMatch")),
                (int) Math.min(atLeastZero(query, "limit"), Integer.MAX_VALUE),
                query.text("continue"),
                initial,
                query.flag("allowWatchBookmarks"),
                query.flag("metadataChangesOnly"),
                atLeastZero(query, "timeoutSeconds"));
        parameters.check(query.flag("watch"));
        return parameters;
    }

    /** Whether a watch says by a bookmark that everything present has been sent (KEP-3157). */
    public boolean marksEndOfInitialEvents() {
        return bookmarks && sendInitialEvents.orElse(false);
    }

    public boolean anyRevision() {
        return revision.isPresent() && revision.get().equals(Revision.NONE);
    }

    private void check(boolean watch) {
        if (watch) {
            checkWatch();
            return;
        }
        if (sendInitialEvents.isPresent()) {
            throw invalid("sendInitialEvents", "sendInitialEvents is forbidden for list");
        }
        if (metadataChangesOnly) {
            throw ApiFailure.badRequest("metadataChangesOnly is forbidden for list: only a watch tells of changes");
        }
        if (!continueToken.isEmpty() && revision.isPresent() && !anyRevision()) {
            throw ApiFailure.badRequest("specifying resource version is not allowed when using continue");
        }
        if (match != Match.UNSET && !continueToken.isEmpty()) {
            throw invalid("resourceVersionMatch", "resourceVersionMatch is forbidden when continue is provided");
        }
        if (match != Match.UNSET && revision.isEmpty()) {
            throw invalid(
                    "resourceVersionMatch", "resourceVersionMatch is forbidden unless resourceVersion is provided");
        }
        if (match == Match.EXACT && anyRevision()) {
            throw invalid(
                    "resourceVersionMatch", "resourceVersionMatch \"Exact\" is forbidden for resourceVersion \"0\"");
        }
    }

    /** Kubernetes' {@code validateWatchOptions}. */
    private void checkWatch() {
        if (sendInitialEvents.isPresent() && match != Match.NOT_OLDER_THAN) {
            throw invalid(
                    "resourceVersionMatch", "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
        }
        if (sendInitialEvents.isEmpty() && match != Match.UNSET) {
            throw invalid(
                    "resourceVersionMatch",
                    "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
        }
        if (match != Match.UNSET && !continueToken.isEmpty()) {
            throw invalid("resourceVersionMatch", "resourceVersionMatch is forbidden when continue is provided");
        }
    }

    private static Optional<Revision> revision(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            long value = Long.parseUnsignedLong(text);
            if (value >= 0 && text.charAt(0) != '+') {
                return Optional.of(new Revision(value));
            }
        } catch (NumberFormatException e) {
            // Falls through to the refusal, which is the same for both.
        }
        throw ApiFailure.badRequest("resourceVersion: Invalid value: \"%s\": %s"
                .formatted(text, QueryParameters.notANumber(text, "ParseUint")));
    }

    private static Match match(String text) {
        return switch (text) {
            case "" -> Match.UNSET;
            case "NotOlderThan" -> Match.NOT_OLDER_THAN;
            case "Exact" -> Match.EXACT;
            default ->
                throw invalid(
                        "resourceVersionMatch",
                        "FieldValueNotSupported",
                        "Unsupported value: \"" + text + "\": supported values: \"Exact\", \"NotOlderThan\", \"\"");
        };
    }

    private static long atLeastZero(QueryParameters query, String name) {
        return Math.max(0, query.number(name).orElse(0));
    }

    private static ApiFailure invalid(String field, String why) {
        return invalid(field, "FieldValueForbidden", "Forbidden: " + why);
    }

    private static ApiFailure invalid(String field, String reason, String why) {
        StatusDetails.Cause cause = new StatusDetails.Cause(reason, why, field);
        return new ApiFailure(
                StatusReason.INVALID,
                "ListOptions.meta.k8s.io \"\" is invalid: %s: %s".formatted(field, why),
                StatusDetails.of("", "meta.k8s.io", "ListOptions").withCauses(List.of(cause)));
    }
}
