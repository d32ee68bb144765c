/** What the processes of a node keep in memory: little while they idle, room while they work. */
package dev.keelson.cli.memory;
