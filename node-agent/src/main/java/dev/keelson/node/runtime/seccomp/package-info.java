/** Seccomp profiles of the OCI runtime specification, compiled for the kernel (seccomp(2)). */
package dev.keelson.node.runtime.seccomp;
