package dev.keelson.cli.join;

import dev.keelson.apiserver.postgres.DatabaseUrl;
import dev.keelson.cli.CliException;
import dev.keelson.cli.cluster.ClusterConfig;
import dev.keelson.cli.cluster.DataDir;
import dev.keelson.cli.cluster.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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
            Optional<PublishedCluster.Row> published = database.find();
            if (Files.exists(authorityFile())) {
                published.ifPresent(row -> refuseForeign(row, wanted));
                return wanted;
            }
            if (published.isPresent()) {
                return join(wanted, published.get(), token);
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
            if (database.find().isEmpty()) {
                byte[] sealed = SharedParts.of(config, directory).seal(ensureToken());
                database.publish(new PublishedCluster.Row(authority(), sealed));
            }
            database.find().ifPresent(row -> refuseForeign(row, config));
        }
    }

    /** The command line that joins another server to this one's cluster. */
    public String joinCommand(ClusterConfig config) {
        refuseIf(
                config.databaseUrl().isEmpty(),
                "cluster %s keeps its data in a PostgreSQL of this machine's own; several servers need an outside one"
                                .formatted(config.cluster())
                        + " that all of them reach: see --database-url");
        if (!Files.exists(tokenFile())) {
            throw new CliException("there is no join token in %s: run ./keelson up first".formatted(directory.pki()));
        }
        return "./keelson up --server-only --database-url '%s' --join-token %s"
                .formatted(config.databaseUrl(), readToken().text());
    }

    private ClusterConfig join(ClusterConfig wanted, PublishedCluster.Row published, String token) {
        refuseIf(
                token.isEmpty(),
                "the database holds a cluster already: give its --join-token, which ./keelson join-command prints on a"
                        + " server of that cluster, or use another database");
        refuseIf(
                !wanted.serverOnly(),
                "a further server can only be an API server with controllers yet, because pods of different machines"
                        + " do not reach each other: add --server-only");
        JoinToken opening = new JoinToken(token);
        SharedParts parts = SharedParts.open(published.sealed(), opening);
        parts.writeTo(directory);
        writeToken(opening);
        return wanted.joining(parts.cluster(), parts.podCidr(), parts.serviceCidr());
    }

    private void refuseForeign(PublishedCluster.Row published, ClusterConfig config) {
        refuseIf(
                !published.authority().equals(authority()),
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

    private JoinToken ensureToken() {
        if (!Files.exists(tokenFile())) {
            writeToken(JoinToken.fresh());
        }
        return readToken();
    }

    private JoinToken readToken() {
        try {
            return new JoinToken(Files.readString(tokenFile()).strip());
        } catch (IOException e) {
            throw new CliException("cannot read " + tokenFile() + ": " + e.getMessage(), e);
        }
    }

    private void writeToken(JoinToken token) {
        try {
            PrivateFiles.write(tokenFile(), token.text() + "\n");
        } catch (IOException e) {
            throw new CliException("cannot write " + tokenFile() + ": " + e.getMessage(), e);
        }
    }

    private Path authorityFile() {
        return directory.pki().resolve("ca.crt");
    }

    private Path tokenFile() {
        return directory.pki().resolve("join-token");
    }

    private static void refuseIf(boolean refused, String why) {
        if (refused) {
            throw new CliException(why);
        }
    }
}
