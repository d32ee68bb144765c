/** The API server as a store: writes beside etcd, how fast watchers hear, what large lists and many kinds cost. */
package dev.keelson.bench.store;
