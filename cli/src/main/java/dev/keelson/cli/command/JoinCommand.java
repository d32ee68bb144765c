package dev.keelson.cli.command;

import dev.keelson.cli.cluster.Root;
import dev.keelson.cli.join.Membership;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "join-command",
        description = {
            "Prints the command that starts a further API server of this cluster on another machine.",
            "It contains the database's password and the join token: whoever has it can become administrator."
        },
        mixinStandardHelpOptions = true)
public final class JoinCommand implements Callable<Integer> {
    @Mixin
    public ClusterOptions options;

    @Override
    public Integer call() {
        Root.require("join-command");
        System.out.println(new Membership(options.directory()).joinCommand(options.existing()));
        return 0;
    }
}
