package dev.keelson.node.server.stream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.crds.client.ApiJson;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;

/** What a client says its terminal has (Kubernetes' {@code remotecommand.TerminalSize}), both above zero. */
record TerminalSize(int columns, int rows) {
    private static final Logger LOG = System.getLogger(TerminalSize.class.getName());

    /** None when the message is unreadable, which ends no stream. */
    static Optional<TerminalSize> read(byte[] json) {
        try {
            JsonNode size = ApiJson.mapper().readTree(json);
            TerminalSize read = new TerminalSize(
                    size.path("Width").asInt(), size.path("Height").asInt());
            return Optional.of(read).filter(each -> each.columns > 0 && each.rows > 0);
        } catch (IOException unreadable) {
            LOG.log(Level.DEBUG, "unreadable terminal size cause=\"{0}\"", unreadable.getMessage());
            return Optional.empty();
        }
    }
}
