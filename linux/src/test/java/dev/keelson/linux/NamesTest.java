package dev.keelson.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class NamesTest {
    @Test
    void signalsHaveNamesAndNumbers() {
        assertThat(Signals.number("SIGTERM")).isEqualTo(OptionalInt.of(15));
        assertThat(Signals.number("quit")).isEqualTo(OptionalInt.of(3));
        assertThat(Signals.number("9")).isEqualTo(OptionalInt.of(9));
        assertThat(Signals.number("SIGRTMIN+3")).isEqualTo(OptionalInt.of(37));
        assertThat(Signals.number("RTMAX-1")).isEqualTo(OptionalInt.of(63));
        assertThat(Signals.number("SIGSYS")).isEqualTo(OptionalInt.of(31));
    }

    @Test
    void whatIsNoSignalIsNone() {
        for (String name : List.of("", "SIGNOPE", "0", "65", "RTMIN+40", "-9")) {
            assertThat(Signals.number(name)).as(name).isEmpty();
        }
    }

    @Test
    void defaultCapabilitiesAreDockers() {
        assertThat(Capabilities.mask(Capabilities.DEFAULT)).isEqualTo(0xa80425fbL);
        assertThat(Capabilities.mask(List.of("ALL")))
                .isEqualTo(Capabilities.ALL)
                .isEqualTo(0x1ffffffffffL);
        assertThat(Capabilities.mask(List.of("net_admin", "CAP_CHOWN"))).isEqualTo(1L << 12 | 1);
    }

    @Test
    void unknownCapabilityIsNamed() {
        assertThatThrownBy(() -> Capabilities.mask(List.of("CAP_FLY"))).hasMessageContaining("CAP_FLY");
    }

    @Test
    void errorsReadAsPartOfASentence() {
        assertThat(new LinuxException(2, "cannot open \"/x\""))
                .hasMessage("cannot open \"/x\": no such file or directory");
    }
}
