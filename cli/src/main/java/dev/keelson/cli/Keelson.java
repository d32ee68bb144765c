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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
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
        synopsisSubcommandLabel = "COMMAND")
public final class Keelson implements Runnable {

    /** By name, in the order of the help. */
    private static final Map<String, Supplier<Object>> COMMANDS = new LinkedHashMap<>();

    static {
        COMMANDS.put("up", UpCommand::new);
        COMMANDS.put("down", DownCommand::new);
        COMMANDS.put("status", StatusCommand::new);
        COMMANDS.put("logs", LogsCommand::new);
        COMMANDS.put("apply", ApplyCommand::new);
        COMMANDS.put("get", GetCommand::new);
        COMMANDS.put("describe", DescribeCommand::new);
        COMMANDS.put("history", HistoryCommand::new);
        COMMANDS.put("delete", DeleteCommand::new);
        COMMANDS.put("exec", ExecCommand::new);
        COMMANDS.put("scale", ScaleCommand::new);
        COMMANDS.put("rollout", RolloutCommand::new);
        COMMANDS.put("wait", WaitCommand::new);
        COMMANDS.put("image", ImageCommand::new);
        COMMANDS.put("join-command", JoinCommand::new);
        COMMANDS.put("server", ServerCommand::new);
        COMMANDS.put("agent", AgentCommand::new);
    }

    @Spec
    CommandSpec spec;

    private Keelson() {}

    public static void main(String[] args) {
        System.exit(commandLine(args).execute(args));
    }

    /** Knows only the command that is asked for, unless it is none: reading all of them is a seventh of a role's start. */
    static CommandLine commandLine(String... args) {
        CommandLine line = new CommandLine(new Keelson());
        if (args.length > 0 && COMMANDS.containsKey(args[0])) {
            line.addSubcommand(args[0], COMMANDS.get(args[0]).get());
        } else {
            COMMANDS.forEach((name, command) -> line.addSubcommand(name, command.get()));
        }
        return line.setExecutionExceptionHandler((failure, command, parsed) -> {
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
