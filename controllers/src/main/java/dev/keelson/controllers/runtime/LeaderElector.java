package dev.keelson.controllers.runtime;

import dev.keelson.crds.client.ApiClient;
import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Objects;
import java.util.Optional;

/**
 * Takes part in the election of one leader through a Lease, as client-go's leaderelection does it: the holder renews,
 * others take over when they have not seen a renewal for the lease's duration <em>by their own clock</em>, so clocks
 * of different machines are never compared.
 *
 * <p>A process that finds its own identity as the holder continues at once: after a crash the same identity is the same
 * node's next process, which the data directory's lock keeps unique.
 */
public final class LeaderElector {

    /** Whether this process leads after an attempt. */
    public enum Role {
        LEADER,
        FOLLOWER
    }

    public static final Duration LEASE_DURATION = Duration.ofSeconds(15);
    public static final Duration RENEW_EVERY = Duration.ofSeconds(2);

    private final ApiClient client;
    private final InstantSource clock;
    private final String namespace;
    private final String name;
    private final String identity;
    private Optional<Lease> observed = Optional.empty();
    private Instant observedAt = Instant.MIN;
    private Instant renewedAt = Instant.MIN;

    public LeaderElector(ApiClient client, InstantSource clock, String namespace, String name, String identity) {
        this.client = client;
        this.clock = clock;
        this.namespace = namespace;
        this.name = name;
        this.identity = identity;
    }

    /** One attempt to become or stay the leader. While the server is away a leader stays one until its lease is over. */
    public Role tryAcquireOrRenew() {
        try {
            Lease lease = client.get(ResourceType.LEASES, namespace, name);
            observe(lease);
            if (heldByOther(lease) && !expired(lease)) {
                return Role.FOLLOWER;
            }
            return won(client.update(ResourceType.LEASES, claim(lease)));
        } catch (ApiException refused) {
            return switch (refused.kind()) {
                case NOT_FOUND -> createLease();
                case CONFLICT, ALREADY_EXISTS -> Role.FOLLOWER;
                case INVALID, FORBIDDEN, EXPIRED, TRANSIENT, INTERNAL -> whileUnreachable();
            };
        }
    }

    /** Gives leadership up so that a follower need not wait for the lease to run out. */
    public void release() {
        try {
            Lease lease = client.get(ResourceType.LEASES, namespace, name);
            if (!heldByOther(lease)) {
                // The API takes no empty holder: a lease that nobody holds has none.
                client.update(
                        ResourceType.LEASES,
                        new LeaseBuilder(lease)
                                .editSpec()
                                .withHolderIdentity(null)
                                .endSpec()
                                .build());
            }
        } catch (ApiException unreachable) {
            // The lease runs out by itself.
        }
    }

    private Role createLease() {
        try {
            return won(client.create(
                    ResourceType.LEASES,
                    claim(new LeaseBuilder()
                            .withNewMetadata()
                            .withNamespace(namespace)
                            .withName(name)
                            .endMetadata()
                            .withNewSpec()
                            .withLeaseTransitions(0)
                            .endSpec()
                            .build())));
        } catch (ApiException refused) {
            return refused.kind() == ApiException.Kind.ALREADY_EXISTS ? Role.FOLLOWER : whileUnreachable();
        }
    }

    private Role won(Lease lease) {
        observe(lease);
        renewedAt = clock.instant();
        return Role.LEADER;
    }

    /** A leader must be silent before others may speak, hence stops a renewal interval early. */
    private Role whileUnreachable() {
        boolean stillMine = !renewedAt.equals(Instant.MIN)
                && clock.instant().isBefore(renewedAt.plus(LEASE_DURATION).minus(RENEW_EVERY.multipliedBy(2)));
        return stillMine ? Role.LEADER : Role.FOLLOWER;
    }

    private void observe(Lease lease) {
        if (!observed.equals(Optional.of(lease))) {
            observed = Optional.of(lease);
            observedAt = clock.instant();
        }
    }

    private boolean heldByOther(Lease lease) {
        String holder = Objects.requireNonNullElse(lease.getSpec().getHolderIdentity(), "");
        return !holder.isEmpty() && !holder.equals(identity);
    }

    private boolean expired(Lease lease) {
        Integer seconds = lease.getSpec().getLeaseDurationSeconds();
        Duration promised = seconds == null ? LEASE_DURATION : Duration.ofSeconds(seconds);
        return clock.instant().isAfter(observedAt.plus(promised));
    }

    private Lease claim(Lease lease) {
        ZonedDateTime now = ZonedDateTime.ofInstant(clock.instant(), ZoneOffset.UTC);
        boolean changesHands = !identity.equals(lease.getSpec().getHolderIdentity());
        int transitions = Objects.requireNonNullElse(lease.getSpec().getLeaseTransitions(), 0);
        return new LeaseBuilder(lease)
                .editSpec()
                .withHolderIdentity(identity)
                .withLeaseDurationSeconds((int) LEASE_DURATION.toSeconds())
                .withAcquireTime(changesHands ? now : lease.getSpec().getAcquireTime())
                .withRenewTime(now)
                .withLeaseTransitions(changesHands ? transitions + 1 : transitions)
                .endSpec()
                .build();
    }
}
