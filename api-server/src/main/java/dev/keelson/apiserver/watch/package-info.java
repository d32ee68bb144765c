/**
 * Every read and watch of the API, from memory. {@link dev.keelson.apiserver.watch.WatchCache} is the seam; start reading at
 * {@code SequenceCache} (state and window), {@code SequenceTail} (how nothing is missed) and {@code CursorSubscription}
 * (how a slow reader costs nothing).
 */
package dev.keelson.apiserver.watch;
