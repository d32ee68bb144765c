package dev.keelson.apiserver.http.reply;

import dev.keelson.apiserver.codec.BodyException;
import dev.keelson.apiserver.patch.PatchException;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.StatusDetails;
import dev.keelson.apiserver.registry.StatusReason;
import dev.keelson.apiserver.selector.SelectorException;
import dev.keelson.apiserver.storage.StorageException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Turns whatever a handler threw into a refusal that is safe to show. */
public final class Failures {
    private static final System.Logger LOG = System.getLogger(Failures.class.getName());
    private static final AtomicLong INCIDENTS = new AtomicLong();

    private Failures() {}

    public static ApiFailure refusal(Throwable thrown) {
        return switch (thrown) {
            case ApiFailure failure -> failure;
            case BodyException body -> refusal(body);
            case PatchException patch -> refusal(patch);
            case SelectorException selector -> ApiFailure.badRequest(selector.getMessage());
            case StorageException storage -> refusal(storage);
            default -> unexpected(thrown);
        };
    }

    private static ApiFailure refusal(BodyException body) {
        StatusReason reason =
                switch (body.kind()) {
                    case MALFORMED -> StatusReason.BAD_REQUEST;
                    case TOO_LARGE -> StatusReason.TOO_LARGE;
                    case UNSUPPORTED -> StatusReason.UNSUPPORTED_MEDIA_TYPE;
                };
        return new ApiFailure(reason, body.getMessage(), StatusDetails.NONE);
    }

    private static ApiFailure refusal(PatchException patch) {
        if (patch.kind() == PatchException.Kind.UNPROCESSABLE) {
            // Kubernetes loses what did not fit. Its words are what clients compare; the cause is what people need.
            return new ApiFailure(
                    StatusReason.INVALID,
                    "the server rejected our request due to an error in our request",
                    StatusDetails.NONE.withCauses(List.of(new StatusDetails.Cause("", patch.getMessage(), ""))));
        }
        StatusReason reason =
                switch (patch.kind()) {
                    case MALFORMED -> StatusReason.BAD_REQUEST;
                    case CONFLICT -> StatusReason.CONFLICT;
                    case TOO_LARGE -> StatusReason.TOO_LARGE;
                    case UNSUPPORTED -> StatusReason.UNSUPPORTED_MEDIA_TYPE;
                    case UNPROCESSABLE -> StatusReason.INVALID;
                };
        List<StatusDetails.Cause> causes = patch.conflicts().stream()
                .map(conflict -> new StatusDetails.Cause("FieldManagerConflict", conflict.message(), conflict.field()))
                .toList();
        return new ApiFailure(reason, patch.getMessage(), StatusDetails.NONE.withCauses(causes));
    }

    private static ApiFailure refusal(StorageException storage) {
        return switch (storage.kind()) {
            case UNAVAILABLE -> ApiFailure.unavailable("the store cannot be reached now: " + storage.getMessage());
            case EXPIRED -> ApiFailure.expired(storage.getMessage());
            case NOT_FOUND, ALREADY_EXISTS, CONFLICT, INTERNAL -> unexpected(storage);
        };
    }

    /** A fault of ours: the log gets everything, the client a number to find it by. */
    private static ApiFailure unexpected(Throwable thrown) {
        long incident = INCIDENTS.incrementAndGet();
        LOG.log(System.Logger.Level.ERROR, "request failed unexpectedly incident=" + incident, thrown);
        return ApiFailure.internal("unexpected fault; the server's log has the details under incident=" + incident);
    }
}
