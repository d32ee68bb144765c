package dev.keelson.controllers.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.controllers.runtime.LeaderElector.Role;
import dev.keelson.crds.client.fake.FakeApiServer;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class LeaderElectorTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2025-01-01T00:00:00Z"));
    private final FakeApiServer server = new FakeApiServer();
    private final LeaderElector first = elector("node-1");
    private final LeaderElector second = elector("node-2");

    @Test
    void firstComerLeadsAndStaysLeader() {
        assertThat(first.tryAcquireOrRenew()).isEqualTo(Role.LEADER);
        assertThat(second.tryAcquireOrRenew()).isEqualTo(Role.FOLLOWER);
        pass(Duration.ofSeconds(10));
        assertThat(first.tryAcquireOrRenew()).isEqualTo(Role.LEADER);
        pass(Duration.ofSeconds(10));
        assertThat(second.tryAcquireOrRenew()).isEqualTo(Role.FOLLOWER);
    }

    @Test
    void followerTakesOverWhenItSawNoRenewalForTheWholeLease() {
        first.tryAcquireOrRenew();
        second.tryAcquireOrRenew();
        pass(LeaderElector.LEASE_DURATION.plusSeconds(1));

        assertThat(second.tryAcquireOrRenew()).isEqualTo(Role.LEADER);
        assertThat(first.tryAcquireOrRenew()).isEqualTo(Role.FOLLOWER);
    }

    @Test
    void restartedProcessOfTheSameNodeLeadsAtOnce() {
        first.tryAcquireOrRenew();

        assertThat(elector("node-1").tryAcquireOrRenew()).isEqualTo(Role.LEADER);
    }

    @Test
    void releasedLeadershipIsFreeAtOnce() {
        first.tryAcquireOrRenew();
        first.release();

        // The API refuses an empty holder, so nobody's lease has none.
        Lease released = server.client().get(ResourceType.LEASES, "kube-system", "controllers");
        assertThat(released.getSpec().getHolderIdentity()).isNull();
        assertThat(second.tryAcquireOrRenew()).isEqualTo(Role.LEADER);
    }

    private LeaderElector elector(String identity) {
        return new LeaderElector(server.client(), now::get, "kube-system", "controllers", identity);
    }

    private void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }
}
