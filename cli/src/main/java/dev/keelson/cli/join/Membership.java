package dev.keelson.cli.join;

import dev.keelson.apiserver.postgres.DatabaseUrl;
import dev.keelson.cli.CliException;
import dev.keelson.cli.cluster.ClusterConfig;
import dev.keelson.cli.cluster.DataDir;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Settles which cluster a data directory with an outside database belongs to, before anything is started: a directory
 * without keys joins the cluster that the database holds, or founds one in an empty database.
 */
public final class Membership {
    private final DataDir directory;

    public Membership(DataDir directory) {
        this.directory = directory;
    }

    /**
     * What this server is to run with.
     *
     * @param wanted what the command line asks for
     * @param token the join token, empty when none was given
     */
    public ClusterConfig settle(ClusterConfig wanted, String token) {
        if (wanted.databaseUrl().isEmpty()) {
            refuseIf(!token.isEmpty(), "--join-token needs the --database-url of the cluster to join");
            return wanted;
        }
        try (PublishedCluster database = new PublishedCluster(DatabaseUrl.parse(wanted.databaseUrl()))) {
            Optional<String> published = database.authority();
            if (Files.exists(authorityFile())) {
                published.ifPresent(authority -> refuseForeign(authority, wanted));
                return wanted;
            }
            if (published.isPresent()) {
                return join(wanted, database, token);
            }
            refuseIf(
                    database.holdsObjects(),
                    "the database holds a cluster that no server can join yet: run ./keelson up once on its own server"
                            + " with this release, or use another database");
            refuseIf(!token.isEmpty(), "there is no cluster to join in this database: leave --join-token out");
            return wanted;
        }
    }

    /** Tells further servers of this cluster; called when its server has made the tables. */
    public void publish(ClusterConfig config) {
        if (config.databaseUrl().isEmpty()) {
            return;
        }
        try (PublishedCluster database = new PublishedCluster(DatabaseUrl.parse(config.databaseUrl()))) {
            database.publish(authority());
            database.authority().ifPresent(authority -> refuseForeign(authority, config));
        }
    }

    /**
     * The command line that joins other servers to this one's cluster, with a new token.
     *
     * @param lifetime of the token
     * @param revoke whether all tokens that were given out before end now
     */
    public String joinCommand(ClusterConfig config, Duration lifetime, boolean revoke) {
        refuseIf(
                config.databaseUrl().isEmpty(),
                "cluster %s keeps its data in a PostgreSQL of this machine's own; several servers need an outside one"
                                .formatted(config.cluster())
                        + " that all of them reach: see --database-url");
        JoinToken token = JoinToken.fresh();
        try (PublishedCluster database = new PublishedCluster(DatabaseUrl.parse(config.databaseUrl()))) {
            database.authority().ifPresentOrElse(authority -> refuseForeign(authority, config), () -> {
                throw new CliException("the cluster is not in its database yet: run ./keelson up first");
            });
            if (revoke) {
                database.revokeAll();
            }
            database.admit(token, SharedParts.of(config, directory).seal(token), lifetime);
        }
        return "./keelson up --server-only --database-url '%s' --join-token %s"
                .formatted(config.databaseUrl(), token.text());
    }

    private ClusterConfig join(ClusterConfig wanted, PublishedCluster database, String text) {
        refuseIf(
                text.isEmpty(),
                "the database holds a cluster already: give a --join-token, which ./keelson join-command prints on a"
                        + " server of that cluster, or use another database");
        refuseIf(
                !wanted.serverOnly(),
                "a further server can only be an API server with controllers yet, because pods of different machines"
                        + " do not reach each other: add --server-only");
        JoinToken token = JoinToken.parse(text);
        byte[] sealed = database.sealed(token)
                .orElseThrow(() -> new CliException(
                        "the cluster in the database knows no join token %s, or it has expired: print a new one with"
                                        .formatted(token.id())
                                + " ./keelson join-command on a server of that cluster"));
        SharedParts parts = SharedParts.open(sealed, token);
        parts.writeTo(directory);
        return wanted.joining(parts.cluster(), parts.podCidr(), parts.serviceCidr());
    }

    private void refuseForeign(String published, ClusterConfig config) {
        refuseIf(
                !published.equals(authority()),
                "the database holds another cluster than %s, whose keys are in %s: use that cluster's database, or"
                                .formatted(config.cluster(), directory.pki())
                        + " another --data-dir with --join-token");
    }

    private String authority() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(authorityFile()));
            return HexFormat.of().formatHex(digest);
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new CliException("cannot read " + authorityFile() + ": " + e.getMessage(), e);
        }
    }

    private Path authorityFile() {
        return directory.pki().resolve("ca.crt");
    }

    private static void refuseIf(boolean refused, String why) {
        if (refused) {
            throw new CliException(why);
        }
    }
}
