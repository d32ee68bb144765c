package dev.keelson.cli.command;

import dev.keelson.cli.cluster.ClusterConfig;
import dev.keelson.cli.cluster.DataDir;
import dev.keelson.cli.cluster.Distribution;
import dev.keelson.cli.cluster.Pki;
import dev.keelson.cli.memory.IdleMemory;
import dev.keelson.node.Agent;
import dev.keelson.node.AgentConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The role {@code agent}: this machine's node agent, until SIGTERM. Its containers go on when it ends. */
@Command(name = "agent", hidden = true, description = "Runs the node agent.")
public final class AgentCommand implements Callable<Integer> {
    @Mixin
    public ClusterOptions options;

    @Override
    public Integer call() throws InterruptedException {
        AgentLog.toStandardError();
        clear(options.directory().agentTemporary());
        CountDownLatch stopped = new CountDownLatch(1);
        Agent agent = Agent.start(config(options.directory(), options.existing()));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            agent.close();
            stopped.countDown();
        }));
        IdleMemory.shrinkAfterStart();
        stopped.await();
        return 0;
    }

    /** What an agent that was killed has left; the files of one that ends by itself go with it. */
    static void clear(Path temporary) {
        try (Stream<Path> left = Files.list(temporary)) {
            for (Path file : left.filter(Files::isRegularFile).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot clear " + temporary, e);
        }
    }

    /** What the agent is told for this cluster. */
    static AgentConfig config(DataDir directory, ClusterConfig config) {
        Pki pki = new Pki(directory.pki(), Instant.EPOCH);
        return new AgentConfig(
                directory.root(),
                config.cluster(),
                config.nodeName(),
                config.nodeIp(),
                0,
                URI.create("https://127.0.0.1:" + config.httpsPort()),
                pki.certificate("ca"),
                pki.certificate("node"),
                pki.key("node"),
                config.serviceCidr(),
                ClusterConfig.DOMAIN,
                Distribution.here().launcher());
    }

    /** Ends every container of this node and gives up its networks; the agent must not run. */
    static void stopPods(DataDir directory, ClusterConfig config) {
        Agent.removePods(config(directory, config));
    }
}
