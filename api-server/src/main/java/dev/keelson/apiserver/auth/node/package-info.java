/** What a node's agent may do: its own objects, and of others only what the pods bound to it name. */
package dev.keelson.apiserver.auth.node;
