package dev.keelson.cli.command.image;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.cli.CliException;
import dev.keelson.cli.client.TextTable;
import dev.keelson.cli.command.ApiOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Images on this cluster's node. */
@Command(
        name = "image",
        description = "Loads, lists, pulls, pushes, tags, saves, inspects and removes images on this node.",
        subcommands = {
            PullCommand.class,
            PushCommand.class,
            InspectCommand.class,
            HistoryCommand.class,
            PruneCommand.class
        },
        mixinStandardHelpOptions = true)
public final class ImageCommand {

    @Command(
            name = "load",
            description = "Imports an oci-archive, a docker-archive or an OCI layout directory.",
            mixinStandardHelpOptions = true)
    public int load(
            @Mixin ApiOptions options,
            @Option(
                            names = {"-i", "--input"},
                            paramLabel = "FILE|DIR",
                            description = "The same, as docker load has it.")
                    Optional<Path> input,
            @Parameters(paramLabel = "FILE|DIR", arity = "0..1") Optional<Path> file) {
        Path source = input.or(() -> file)
                .orElseThrow(() -> new CliException("name the archive or layout: keelson image load FILE|DIR"));
        if (!Files.exists(source)) {
            throw new CliException(
                    source + " does not exist; give an archive made by docker save, skopeo copy or podman save");
        }
        try (ImageApi images = new ImageApi(options)) {
            JsonNode loaded = Files.isDirectory(source)
                    ? loadLayout(images, source)
                    : images.api().upload(images.at("load"), source);
            for (JsonNode image : loaded.path("images")) {
                image.path("references")
                        .forEach(name -> System.out.println("Loaded image: " + ImageText.familiar(name.asText())));
                if (image.path("references").isEmpty()) {
                    System.out.println("Loaded image ID: " + image.path("id").asText());
                }
            }
        }
        return 0;
    }

    private static JsonNode loadLayout(ImageApi images, Path layout) {
        try {
            Path archive = Files.createTempFile("keelson-layout", ".tar");
            try {
                LayoutTar.pack(layout, archive);
                return images.api().upload(images.at("load"), archive);
            } finally {
                Files.deleteIfExists(archive);
            }
        } catch (IOException e) {
            throw new CliException("cannot pack " + layout + ": " + e.getMessage(), e);
        }
    }

    @Command(name = "ls", aliases = "list", description = "Lists images.", mixinStandardHelpOptions = true)
    public int list(
            @Mixin ApiOptions options,
            @Option(
                            names = {"-q", "--quiet"},
                            description = "Prints ids only.")
                    boolean quiet,
            @Option(names = "--no-trunc", description = "Prints ids in full.") boolean whole,
            @Option(names = "--digests", description = "Shows digests of manifests.") boolean digests) {
        try (ImageApi images = new ImageApi(options)) {
            List<List<String>> rows = new ArrayList<>();
            rows.add(row(digests, List.of("REPOSITORY", "TAG"), "DIGEST", List.of("IMAGE ID", "CREATED", "SIZE")));
            for (JsonNode image : images.get("").path("images")) {
                String id = image.path("id").asText();
                String shown = whole ? id : ImageText.shortId(id);
                if (quiet) {
                    System.out.println(shown);
                    continue;
                }
                List<String> rest = List.of(
                        shown,
                        ImageText.ago(image.path("created").asText(), Instant.now()),
                        ImageText.size(image.path("sizeBytes").asLong()));
                for (String name : names(image)) {
                    rows.add(row(
                            digests,
                            List.of(ImageText.repository(name), ImageText.tag(name)),
                            image.path("digest").asText(),
                            rest));
                }
            }
            if (!quiet) {
                TextTable.print(rows, System.out);
            }
        }
        return 0;
    }

    private static List<String> names(JsonNode image) {
        List<String> names = new ArrayList<>();
        image.path("references").forEach(name -> names.add(name.asText()));
        if (names.isEmpty()) {
            String digest = image.at("/repoDigests/0").asText("<none>");
            names.add(digest);
        }
        return names;
    }

    private static List<String> row(boolean digests, List<String> name, String digest, List<String> rest) {
        List<String> row = new ArrayList<>(name);
        if (digests) {
            row.add(digest);
        }
        row.addAll(rest);
        return row;
    }

    @Command(
            name = "rm",
            description = "Removes references, and images when it was their last one.",
            mixinStandardHelpOptions = true)
    public int remove(@Mixin ApiOptions options, @Parameters(paramLabel = "IMAGE", arity = "1..*") List<String> names) {
        try (ImageApi images = new ImageApi(options)) {
            for (String name : names) {
                images.delete(name);
                System.out.println("Untagged: " + name);
            }
        }
        return 0;
    }

    @Command(name = "tag", description = "Gives an image one more name.", mixinStandardHelpOptions = true)
    public int tag(
            @Mixin ApiOptions options,
            @Parameters(paramLabel = "SOURCE") String source,
            @Parameters(paramLabel = "TARGET") String target) {
        try (ImageApi images = new ImageApi(options)) {
            images.post("tag", "reference", source, "newReference", target);
        }
        return 0;
    }

    @Command(
            name = "save",
            description = "Writes images as one archive, which is an oci-archive and a docker-archive at once.",
            mixinStandardHelpOptions = true)
    public int save(
            @Mixin ApiOptions options,
            @Option(names = "--layout", description = "Writes an OCI layout directory instead.") boolean layout,
            @Option(
                            names = {"-o", "--output"},
                            paramLabel = "FILE|DIR",
                            description = "Where to, as docker save has it, instead of behind the images.")
                    Optional<Path> output,
            @Parameters(paramLabel = "IMAGE… FILE|DIR", arity = "1..*", hideParamSyntax = true) List<String> words) {
        int images = output.isPresent() ? words.size() : words.size() - 1;
        if (images == 0) {
            throw new CliException(
                    "name the file to write behind the image: keelson image save %s FILE".formatted(words.getFirst()));
        }
        save(options, words.subList(0, images), output.orElseGet(() -> Path.of(words.getLast())), layout);
        return 0;
    }

    private static void save(ApiOptions options, List<String> names, Path target, boolean layout) {
        try (ImageApi images = new ImageApi(options);
                InputStream archive = images.api().stream(images.at("save", names), "application/x-tar")) {
            if (layout) {
                LayoutTar.unpack(archive, target);
            } else {
                ArchiveFile.write(archive, target);
            }
        } catch (IOException e) {
            throw new CliException("cannot write " + target + ": " + e.getMessage(), e);
        }
    }
}
