package dev.keelson.cli;

import dev.keelson.cli.command.AgentCommand;
import dev.keelson.cli.command.ApplyCommand;
import dev.keelson.cli.command.DeleteCommand;
import dev.keelson.cli.command.DescribeCommand;
import dev.keelson.cli.command.DownCommand;
import dev.keelson.cli.command.ExecCommand;
import dev.keelson.cli.command.GetCommand;
import dev.keelson.cli.command.HistoryCommand;
import dev.keelson.cli.command.JoinCommand;
import dev.keelson.cli.command.LogsCommand;
import dev.keelson.cli.command.RolloutCommand;
import dev.keelson.cli.command.ScaleCommand;
import dev.keelson.cli.command.ServerCommand;
import dev.keelson.cli.command.StatusCommand;
import dev.keelson.cli.command.WaitCommand;
import dev.keelson.cli.command.image.ImageCommand;
import dev.keelson.cli.up.UpCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The {@code keelson} command. */
@Command(
        name = "keelson",
        description = "Runs containers from declared state.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            LogsCommand.class,
            ApplyCommand.class,
            GetCommand.class,
            DescribeCommand.class,
            HistoryCommand.class,
            DeleteCommand.class,
            ExecCommand.class,
            ScaleCommand.class,
            RolloutCommand.class,
            WaitCommand.class,
            ImageCommand.class,
            JoinCommand.class,
            ServerCommand.class,
            AgentCommand.class
        })
public final class Keelson implements Runnable {

    @Spec
    CommandSpec spec;

    private Keelson() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Keelson()).setExecutionExceptionHandler((failure, command, parsed) -> {
            if (failure instanceof CliException expected) {
                command.getErr().println("keelson: " + expected.getMessage());
                return expected.exitCode();
            }
            throw failure;
        });
    }

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }
}
