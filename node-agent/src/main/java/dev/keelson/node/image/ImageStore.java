package dev.keelson.node.image;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.node.image.content.DurableFiles;
import dev.keelson.node.image.oci.Digest;
import dev.keelson.node.image.oci.JsonReader;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * Which images are on this node and what they are called: manifest digests with their names, in one file that is
 * replaced whole. An image exists from the moment that the file names it. Safe for concurrent use.
 */
final class ImageStore {
    private static final Logger LOG = System.getLogger(ImageStore.class.getName());

    /**
     * @param references full names with a tag, or with a digest when an image was asked for so
     * @param repoDigests {@code repository@digest} that registries gave for it
     */
    record Names(Set<String> references, Set<String> repoDigests) {
        static final Names NONE = new Names(Set.of(), Set.of());

        Names {
            references = Set.copyOf(references);
            repoDigests = Set.copyOf(repoDigests);
        }

        Names plus(Names more) {
            Set<String> all = new TreeSet<>(references);
            all.addAll(more.references);
            Set<String> digests = new TreeSet<>(repoDigests);
            digests.addAll(more.repoDigests);
            return new Names(all, digests);
        }

        private Names minus(Collection<String> gone) {
            Set<String> rest = new TreeSet<>(references);
            rest.removeAll(gone);
            return new Names(rest, repoDigests);
        }
    }

    private final Path file;
    private volatile Map<Digest, Names> images;

    ImageStore(Path directory) throws IOException {
        this.file = directory.resolve("images.json");
        this.images = read();
    }

    /** Every image by its manifest's digest. */
    Map<Digest, Names> images() {
        return images;
    }

    Optional<Digest> find(String reference) {
        return images.entrySet().stream()
                .filter(image -> image.getValue().references().contains(reference)
                        || image.getValue().repoDigests().contains(reference))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** Adds images, or names to them. A reference that named another image moves; that image stays without it. */
    synchronized void put(Map<Digest, Names> additions) throws IOException {
        change(now -> {
            additions.forEach((digest, names) -> {
                now.replaceAll((other, known) -> known.minus(names.references()));
                now.merge(digest, names, Names::plus);
            });
            return now;
        });
    }

    /** Takes names away from an image; the image itself stays. */
    synchronized void removeReferences(Digest image, Collection<String> references) throws IOException {
        change(now -> {
            now.computeIfPresent(image, (digest, names) -> names.minus(references));
            return now;
        });
    }

    synchronized void removeImages(Collection<Digest> digests) throws IOException {
        change(now -> {
            now.keySet().removeAll(digests);
            return now;
        });
    }

    private void change(UnaryOperator<Map<Digest, Names>> edit) throws IOException {
        Map<Digest, Names> next = Map.copyOf(edit.apply(new LinkedHashMap<>(images)));
        if (!next.equals(images)) {
            DurableFiles.replace(file, write(next));
            images = next;
        }
    }

    private static byte[] write(Map<Digest, Names> images) throws IOException {
        ObjectNode root = JsonReader.MAPPER.createObjectNode();
        root.put("version", 1);
        ObjectNode list = root.putObject("images");
        images.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(image -> {
            ObjectNode names = list.putObject(image.getKey().toString());
            new TreeSet<>(image.getValue().references()).forEach(names.withArray("references")::add);
            new TreeSet<>(image.getValue().repoDigests()).forEach(names.withArray("repoDigests")::add);
        });
        return JsonReader.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
    }

    private Map<Digest, Names> read() throws IOException {
        if (!Files.exists(file)) {
            return Map.of();
        }
        try {
            JsonReader list =
                    JsonReader.object(file.toString(), Files.readAllBytes(file)).requiredObject("images");
            Map<Digest, Names> found = new LinkedHashMap<>();
            for (String digest : list.names()) {
                JsonReader names = list.requiredObject(digest);
                found.put(
                        Digest.parse(digest),
                        new Names(Set.copyOf(names.texts("references")), Set.copyOf(names.texts("repoDigests"))));
            }
            return Map.copyOf(found);
        } catch (dev.keelson.node.NodeException damaged) {
            // Images can be brought again; an agent that does not start cannot. The file is kept for whoever asks why.
            Path aside = file.resolveSibling("images.json.damaged");
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
            LOG.log(Level.ERROR, "image list is damaged, starting without: kept={0} cause={1}", aside, damaged);
            return Map.of();
        }
    }
}
