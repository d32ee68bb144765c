package dev.keelson.cli.command;

import dev.keelson.cli.client.Api;
import dev.keelson.cli.client.Resources;
import dev.keelson.cli.client.Target;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "scale", description = "Sets the number of replicas.", mixinStandardHelpOptions = true)
public final class ScaleCommand implements Callable<Integer> {
    @Mixin
    public ApiOptions options;

    @Option(names = "--replicas", required = true, description = "How many pods there are to be.")
    public int replicas;

    @Parameters(arity = "1..*", paramLabel = "TYPE/NAME")
    public List<String> words;

    @Override
    public Integer call() {
        try (Api api = options.connect()) {
            for (Target target : Target.parse(words, Resources.discover(api))) {
                byte[] patch =
                        "{\"spec\":{\"replicas\":%d}}".formatted(replicas).getBytes(StandardCharsets.UTF_8);
                api.call("PATCH", target.path(options.namespace) + "/scale", "application/merge-patch+json", patch);
                System.out.println(target.resource().display(target.name()) + " scaled");
            }
        }
        return 0;
    }
}
