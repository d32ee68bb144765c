/** Which API servers of the cluster are alive, and how pods and clients find them. */
package dev.keelson.apiserver.presence;
