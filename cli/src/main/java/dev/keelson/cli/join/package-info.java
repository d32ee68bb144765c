/** Several servers over one database: what a cluster publishes there, and how a further server takes it over. */
package dev.keelson.cli.join;
