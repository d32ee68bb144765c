package dev.keelson.node.runtime.seccomp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class DefaultProfileTest {
    private static final SyscallTable TABLE = SyscallTable.parse(List.of(
            "X86_64 mount 165",
            "X86_64 clone 56",
            "I386 mount 21",
            "REFUSED mount 21",
            "REFUSED keyctl -1",
            "REFUSED settimeofday 25"));

    private static List<String> refused(ObjectNode profile) {
        return profile.at("/syscalls/0/names")
                .valueStream()
                .map(name -> name.asText())
                .toList();
    }

    @Test
    void callsAreRefusedToWhoLacksTheirCapability() {
        ObjectNode profile = DefaultProfile.of(TABLE, List.of("CAP_CHOWN"));
        assertThat(refused(profile)).containsExactly("keyctl", "mount", "settimeofday");
        assertThat(profile.toString()).contains("clone3", "SCMP_CMP_MASKED_EQ", "SCMP_ARCH_X86_64", "SCMP_ARCH_X86");
    }

    @Test
    void capabilitiesOpenTheirCallsAndNothingOpensOthers() {
        assertThat(refused(DefaultProfile.of(TABLE, List.of("CAP_SYS_TIME")))).containsExactly("keyctl", "mount");
        ObjectNode administrator = DefaultProfile.of(TABLE, List.of("CAP_SYS_ADMIN", "CAP_SYS_TIME"));
        assertThat(refused(administrator)).containsExactly("keyctl");
        assertThat(administrator.toString()).doesNotContain("clone");
    }
}
