package dev.keelson.cli.command;

import dev.keelson.cli.cluster.Root;
import dev.keelson.cli.join.Membership;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "join-command",
        description = {
            "Prints the command that starts a further API server of this cluster on another machine.",
            "It contains the database's password and a new join token: whoever has it can become administrator.",
            "The token is good for any number of servers until it ends; it is kept nowhere."
        },
        mixinStandardHelpOptions = true)
public final class JoinCommand implements Callable<Integer> {
    @Mixin
    public ClusterOptions options;

    @Option(
            names = "--ttl",
            paramLabel = "DURATION",
            defaultValue = "24h",
            description = "How long servers may join with the token: 30m, 24h (default: ${DEFAULT-VALUE}).")
    public String lifetime;

    @Option(names = "--revoke", description = "Ends all tokens that were printed before.")
    public boolean revoke;

    @Override
    public Integer call() {
        Root.require("join-command");
        System.out.println(new Membership(options.directory())
                .joinCommand(options.existing(), WaitCommand.duration(lifetime), revoke));
        return 0;
    }
}
