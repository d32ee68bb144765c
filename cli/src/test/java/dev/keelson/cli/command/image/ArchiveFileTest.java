package dev.keelson.cli.command.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.cli.CliException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveFileTest {
    @TempDir
    private Path directory;

    private static InputStream archive(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static InputStream broken() {
        return new SequenceInputStream(archive("half of it"), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("connection reset");
            }
        });
    }

    @Test
    void archiveReplacesTheFileThatALinkLeadsTo() throws IOException {
        Path file = Files.writeString(directory.resolve("a.tar"), "old");
        Path link = Files.createSymbolicLink(directory.resolve("link.tar"), file);
        ArchiveFile.write(archive("new"), link);
        assertThat(file).hasContent("new");
        assertThat(link).isSymbolicLink();
    }

    @Test
    void halfAnArchiveIsNotLeftAndNothingIsLostForIt() throws IOException {
        Path kept = Files.writeString(directory.resolve("kept.tar"), "old");
        assertThatThrownBy(() -> ArchiveFile.write(broken(), kept)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> ArchiveFile.write(broken(), directory.resolve("new.tar")))
                .isInstanceOf(IOException.class);
        assertThat(kept).hasContent("old");
        assertThat(directory).isDirectoryNotContaining(file -> !file.equals(kept));
    }

    @Test
    void deviceIsWrittenToAndStaysOne() throws IOException {
        Path device = Path.of("/dev/null");
        ArchiveFile.write(archive("new"), device);
        assertThat(Files.readAttributes(device, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                        .isOther())
                .isTrue();
    }

    @Test
    void placesWhereNoFileCanBeAreNamed() {
        assertThatThrownBy(() -> ArchiveFile.write(archive("new"), directory))
                .isInstanceOf(CliException.class)
                .hasMessageContainingAll("is a directory", "--layout");
        assertThatThrownBy(() -> ArchiveFile.write(archive("new"), directory.resolve("none/a.tar")))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("there is no directory " + directory.resolve("none"));
    }
}
