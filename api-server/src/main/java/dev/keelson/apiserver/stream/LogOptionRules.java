package dev.keelson.apiserver.stream;

import dev.keelson.apiserver.http.request.QueryParameters;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.FieldError;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ReviewKind;
import java.util.ArrayList;
import java.util.List;

/** Which parts of a log can be asked for (Kubernetes' {@code ValidatePodLogOptions}). */
final class LogOptionRules {
    private static final ResourceDefinition OPTIONS = ReviewKind.definition("", "PodLogOptions", "PodLogOptions");

    private LogOptionRules() {}

    /** @throws ApiFailure when the options of a request for the pod's log make no sense */
    static void check(String pod, QueryParameters query) {
        List<FieldError> errors = new ArrayList<>();
        atLeast(0, "tailLines", "must be greater than or equal to 0", query, errors);
        atLeast(1, "limitBytes", "must be greater than 0", query, errors);
        if (query.has("sinceSeconds") && query.has("sinceTime")) {
            errors.add(FieldError.forbidden("[]", "at most one of `sinceTime` or `sinceSeconds` may be specified"));
        } else {
            atLeast(1, "sinceSeconds", "must be greater than 0", query, errors);
        }
        if (!errors.isEmpty()) {
            throw ApiFailure.invalid(OPTIONS, pod, errors);
        }
    }

    private static void atLeast(long least, String name, String words, QueryParameters query, List<FieldError> errors) {
        query.number(name).ifPresent(number -> {
            if (number < least) {
                errors.add(FieldError.invalid(name, Long.toString(number), words));
            }
        });
    }
}
