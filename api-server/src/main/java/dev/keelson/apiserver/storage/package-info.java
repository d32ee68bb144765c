/**
 * Durable objects and the order in which they changed. {@link dev.keelson.apiserver.storage.Storage} is what writers see,
 * {@link dev.keelson.apiserver.storage.ChangeFeed} what the watch cache follows; {@code storage.postgres} keeps both in
 * PostgreSQL (start at {@code PostgresStorage}, then {@code GroupCommit} and the SQL of {@code db/migration}), and
 * {@link dev.keelson.apiserver.storage.MemoryStorage} keeps both in memory for tests. One contract suite runs on each.
 */
package dev.keelson.apiserver.storage;
