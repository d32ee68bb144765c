package dev.keelson.apiserver.storage.postgres;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.Immutable;

/** The newest state of a heartbeat object, or the tombstone of one that was deleted. */
@Entity
@Immutable
@Table(name = "heartbeat")
class HeartbeatRow extends CurrentState {
    @Column(name = "deleted_at")
    Instant deletedAt;
}
