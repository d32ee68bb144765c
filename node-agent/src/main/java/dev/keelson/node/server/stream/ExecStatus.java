package dev.keelson.node.server.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.keelson.crds.client.ApiJson;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;

/** How a command ended, as the error channel of exec and attach tells it. */
final class ExecStatus {
    private ExecStatus() {}

    /** As it goes over the wire. */
    static byte[] json(Status status) {
        try {
            return ApiJson.mapper().writeValueAsBytes(status);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a Status cannot be written as JSON", impossible);
        }
    }

    static Status of(int exitCode) {
        if (exitCode == 0) {
            return new StatusBuilder()
                    .withNewMetadata()
                    .endMetadata()
                    .withStatus("Success")
                    .build();
        }
        return new StatusBuilder()
                .withNewMetadata()
                .endMetadata()
                .withStatus("Failure")
                .withReason("NonZeroExitCode")
                .withMessage("command terminated with non-zero exit code: exit code " + exitCode)
                .withNewDetails()
                .addNewCause()
                .withReason("ExitCode")
                .withMessage(String.valueOf(exitCode))
                .endCause()
                .endDetails()
                .build();
    }

    static Status failed(String message) {
        return new StatusBuilder()
                .withNewMetadata()
                .endMetadata()
                .withStatus("Failure")
                .withReason("InternalError")
                .withMessage(message)
                .withCode(500)
                .build();
    }
}
