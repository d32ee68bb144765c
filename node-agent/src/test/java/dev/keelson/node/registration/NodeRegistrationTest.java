package dev.keelson.node.registration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.crds.client.ApiClient;
import dev.keelson.crds.client.PatchType;
import dev.keelson.crds.client.fake.FakeApiServer;
import dev.keelson.crds.model.ResourceType;
import dev.keelson.node.Deadline;
import dev.keelson.node.StatusPatches;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeCondition;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeRegistrationTest {
    private static final String NAME = "one";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ApiClient api = StatusPatches.plainly(new FakeApiServer().client());
    private final AtomicReference<Instant> clock = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));

    @TempDir
    Path directory;

    @Test
    void nodeThatWasCalledUnknownSpeaksUpAtOnceAndNotWithTheNextReport() {
        try (NodeRegistration registration = start()) {
            registration.ready();
            Deadline.await("ready", PATIENCE, () -> ready().getStatus().equals("True"));
            String since = ready().getLastTransitionTime();

            clock.set(clock.get().plusSeconds(60));
            callUnknown();
            Deadline.await("ready again", PATIENCE, () -> ready().getStatus().equals("True"));
            assertThat(ready().getLastTransitionTime()).isGreaterThan(since);
        }
    }

    private NodeRegistration start() {
        NodeState state = new NodeState(List::of, Set::of, Set::of);
        return new NodeRegistration(
                        api, new NodeFacts(NAME, "10.0.0.1", 10250), directory, clock::get, state, range -> {})
                .start();
    }

    /** As the node controller does when leases are missing. */
    private void callUnknown() {
        String body = """
                {"status": {"conditions": [
                  {"type": "Ready", "status": "Unknown", "lastTransitionTime": "2026-01-01T00:00:50Z"}]}}
                """;
        api.patch(ResourceType.NODES, "", NAME, "status", PatchType.MERGE, body.getBytes(StandardCharsets.UTF_8));
    }

    private NodeCondition ready() {
        Node node = api.get(ResourceType.NODES, "", NAME);
        return node.getStatus().getConditions().stream()
                .filter(condition -> condition.getType().equals("Ready"))
                .findFirst()
                .orElseThrow();
    }
}
