package dev.keelson.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class KeelsonTest {

    @Test
    void commandsAreCalledAsTheyCallThemselves() {
        Map<String, CommandLine> commands = Keelson.commandLine().getSubcommands();

        assertThat(commands).hasSizeGreaterThan(10);
        commands.forEach((name, command) -> assertThat(
                        command.getCommandSpec().userObject().getClass())
                .satisfies(type -> assertThat(
                                type.getAnnotation(CommandLine.Command.class).name())
                        .isEqualTo(name)));
    }

    @Test
    void onlyTheCommandThatIsAskedForIsRead() {
        assertThat(Keelson.commandLine("get", "pods").getSubcommands()).containsOnlyKeys("get");
        assertThat(Keelson.commandLine("gte", "pods").getSubcommands()).hasSizeGreaterThan(10);
    }
}
