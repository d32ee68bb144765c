/**
 * Bearer tokens: those of service accounts (signed by this cluster, bound to objects that must still exist) and those that
 * new nodes join with.
 */
package dev.keelson.apiserver.auth.token;
