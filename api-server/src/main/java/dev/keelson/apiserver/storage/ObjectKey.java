package dev.keelson.apiserver.storage;

/**
 * Where an object lives.
 *
 * @param group API group, empty for core
 * @param resource plural name, such as {@code pods}
 * @param namespace empty for cluster-scoped objects
 */
public record ObjectKey(String group, String resource, String namespace, String name) {}
