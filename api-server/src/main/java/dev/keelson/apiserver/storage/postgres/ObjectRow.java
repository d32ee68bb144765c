package dev.keelson.apiserver.storage.postgres;

import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import org.hibernate.annotations.Immutable;

/** The current state of an object of the revision log, with its bytes: a view, which knows where they are. */
@Entity
@Immutable
@Table(name = "object")
class ObjectRow extends CurrentState {}
