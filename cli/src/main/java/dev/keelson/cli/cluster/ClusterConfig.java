package dev.keelson.cli.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import dev.keelson.cli.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a cluster on this machine was set up with: the content of {@code cluster.json}. Written by the first {@code up},
 * read by every later command, so that only {@code --data-dir} has to be repeated.
 *
 * @param cluster names host-wide things: bridge, nftables table, cgroup
 * @param nodeIp address at which this node's agent and the API server are reached
 * @param podCidr range of which every node gets a /24
 * @param serviceCidr range of cluster IPs
 * @param databaseUrl {@code postgresql://user:password@host:port/database} of an outside PostgreSQL; empty means the
 *     embedded one
 * @param serverOnly whether this machine runs API server and controllers but no node; absent means no
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record ClusterConfig(
        String cluster,
        String nodeName,
        int httpsPort,
        String nodeIp,
        String podCidr,
        String serviceCidr,
        String databaseUrl,
        Boolean serverOnly) {
    public static final String DOMAIN = "cluster.local";
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);

    public ClusterConfig {
        // Files that were written before there was the choice do not have it.
        serverOnly = Boolean.TRUE.equals(serverOnly);
    }

    /** This machine's part of a cluster that exists already. */
    public ClusterConfig joining(String existing, String pods, String services) {
        return new ClusterConfig(existing, nodeName, httpsPort, nodeIp, pods, services, databaseUrl, serverOnly);
    }

    /** Everything that is wrong with the values, one sentence each. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (!cluster.matches("[a-z0-9]([-a-z0-9]{0,30}[a-z0-9])?")) {
            problems.add("cluster name \"" + cluster
                    + "\" must be a DNS label of at most 32 characters: lower-case letters, digits and '-'");
        }
        if (!nodeName.matches("[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?")) {
            problems.add(
                    "node name \"" + nodeName + "\" must be a DNS subdomain: lower-case letters, digits, '-', '.'");
        }
        if (httpsPort < 1 || httpsPort > 65535) {
            problems.add("HTTPS port " + httpsPort + " must be between 1 and 65535");
        }
        if (!databaseUrl.isEmpty() && !databaseUrl.matches("postgres(ql)?://.+")) {
            problems.add("database URL must look like postgresql://user:password@host:5432/keelson");
        }
        return problems;
    }

    public static Optional<ClusterConfig> read(Path file) {
        try {
            return Optional.of(JSON.readValue(Files.readAllBytes(file), ClusterConfig.class));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (UnrecognizedPropertyException unknown) {
            throw new CliException("%s has an unknown key \"%s\"; known keys are %s"
                    .formatted(file, unknown.getPropertyName(), unknown.getKnownPropertyIds()));
        } catch (JsonProcessingException broken) {
            throw new CliException("%s is not readable (line %d: %s); mend it or restore it from a backup"
                    .formatted(file, broken.getLocation().getLineNr(), broken.getOriginalMessage()));
        } catch (IOException e) {
            throw new CliException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    public void write(Path file) {
        try {
            // The database URL may hold a password.
            PrivateFiles.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this));
        } catch (IOException e) {
            throw new CliException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}
