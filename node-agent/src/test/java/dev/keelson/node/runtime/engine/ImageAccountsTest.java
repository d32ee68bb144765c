package dev.keelson.node.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageAccountsTest {
    private static final ImageAccounts ACCOUNTS = new ImageAccounts(
            List.of("root:x:0:0:root:/root:/bin/sh", "bob:x:1000:1001::/home/bob:", "# comment", "odd:x:y:z::/:"),
            List.of("root:x:0:", "bob:x:1001:", "staff:x:50:ann,bob", "wheel:x:10:ann"));

    @Test
    void namesAndNumbersAreLookedUp() {
        assertThat(ACCOUNTS.resolve("", List.of(), false))
                .isEqualTo(new ImageAccounts.Account(0, 0, List.of(0L), "/root"));
        assertThat(ACCOUNTS.resolve("bob", List.of(7, 50), false))
                .isEqualTo(new ImageAccounts.Account(1000, 1001, List.of(1001L, 50L, 7L), "/home/bob"));
        assertThat(ACCOUNTS.resolve("1000", List.of(), true).groups()).containsExactly(1001L);
        assertThat(ACCOUNTS.resolve("bob:staff", List.of(), false).groups()).containsExactly(50L);
        assertThat(ACCOUNTS.resolve("4711:99", List.of(), false))
                .isEqualTo(new ImageAccounts.Account(4711, 99, List.of(99L), "/"));
    }

    @Test
    void unknownNamesAreRefused() {
        assertThatThrownBy(() -> ACCOUNTS.resolve("eve", List.of(), false)).hasMessageContaining("user \"eve\"");
        assertThatThrownBy(() -> ACCOUNTS.resolve("bob:none", List.of(), false)).hasMessageContaining("group \"none\"");
    }

    @Test
    void theTopmostFileCountsAndLinksStayInTheLayer(@TempDir Path directory) throws IOException {
        Path lower = Files.createDirectories(directory.resolve("lower/etc")).getParent();
        Path upper = Files.createDirectories(directory.resolve("upper/etc")).getParent();
        Files.writeString(lower.resolve("etc/passwd"), "old:x:1:1::/:\n");
        Files.writeString(lower.resolve("etc/group"), "old:x:1:\n");
        Files.writeString(upper.resolve("etc/passwd"), "new:x:2:1::/:\n");
        Files.createSymbolicLink(upper.resolve("etc/group"), Path.of("/etc/group"));
        ImageAccounts accounts = ImageAccounts.of(List.of(lower, upper));
        assertThat(accounts.resolve("new:old", List.of(), false).gid()).isEqualTo(1);
        assertThatThrownBy(() -> accounts.resolve("old", List.of(), false)).hasMessageContaining("user \"old\"");
    }
}
