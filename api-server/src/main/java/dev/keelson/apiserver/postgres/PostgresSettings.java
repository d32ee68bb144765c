package dev.keelson.apiserver.postgres;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The server's configuration: durable, small, reachable from this machine only. */
final class PostgresSettings {
    private PostgresSettings() {}

    static String configuration(int port) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("listen_addresses", "'127.0.0.1'");
        settings.put("port", Integer.toString(port));
        settings.put("unix_socket_directories", "''");
        settings.put("password_encryption", "scram-sha-256");
        settings.put("max_connections", "40");

        // What was acknowledged survives a power cut.
        settings.put("fsync", "on");
        settings.put("synchronous_commit", "on");
        settings.put("full_page_writes", "on");
        settings.put("recovery_init_sync_method", "syncfs");

        // Few checkpoints, so that full-page images do not multiply what each commit writes.
        settings.put("wal_level", "minimal");
        settings.put("max_wal_senders", "0");
        settings.put("wal_buffers", "4MB");
        settings.put("min_wal_size", "128MB");
        settings.put("max_wal_size", "1GB");
        settings.put("checkpoint_timeout", "15min");

        // A node's database is small, and memory belongs to the pods.
        settings.put("shared_buffers", "32MB");
        settings.put("huge_pages", "off");
        settings.put("work_mem", "2MB");
        settings.put("maintenance_work_mem", "16MB");
        settings.put("io_method", "sync");
        settings.put("max_worker_processes", "1");
        settings.put("max_parallel_workers_per_gather", "0");
        settings.put("max_logical_replication_workers", "0");
        settings.put("autovacuum_worker_slots", "2");
        settings.put("autovacuum_max_workers", "1");
        settings.put("jit", "off");

        settings.put("timezone", "'UTC'");
        settings.put("log_timezone", "'UTC'");
        settings.put("log_line_prefix", "'%m pid=%p '");
        settings.put("log_checkpoints", "off");
        settings.put("tcp_keepalives_idle", "30");
        return settings.entrySet().stream()
                .map(setting -> setting.getKey() + " = " + setting.getValue())
                .collect(Collectors.joining("\n", "# Written by Keelson at each start: changes are lost.\n", "\n"));
    }

    /** Only Keelson's own role may log in, only from this machine, only with its password. */
    static String access(String role, String database) {
        return "# Written by Keelson at each start: changes are lost.\nhost %s %s 127.0.0.1/32 scram-sha-256\n"
                .formatted(database, role);
    }
}
