package dev.keelson.node.image.registry.hosts;

import java.nio.file.Path;
import java.util.List;

/**
 * Whose certificates are believed.
 *
 * @param authorities PEM files of authorities that are trusted in addition to the machine's
 * @param anyCertificate believes every certificate, as {@code skip_verify} asks for
 * @param version changes when one of the files does
 */
public record Trust(List<Path> authorities, boolean anyCertificate, long version) {
    public static final Trust SYSTEM = new Trust(List.of(), false, 0);

    public Trust {
        authorities = List.copyOf(authorities);
    }

    static Trust of(List<Path> authorities, boolean anyCertificate) {
        long version = authorities.stream()
                .mapToLong(file -> file.toFile().lastModified())
                .sum();
        return new Trust(authorities, anyCertificate, version);
    }

    /** The same with the authorities that are trusted for every registry. */
    public Trust and(List<Path> more) {
        return more.isEmpty()
                ? this
                : new Trust(
                        java.util.stream.Stream.concat(authorities.stream(), more.stream())
                                .toList(),
                        anyCertificate,
                        version);
    }
}
