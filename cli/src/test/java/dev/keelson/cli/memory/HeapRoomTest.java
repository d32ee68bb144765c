package dev.keelson.cli.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.cli.memory.HeapRoom.Share;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeapRoomTest {

    @ParameterizedTest
    @CsvSource({
        "IDLE, 0, 12, IDLE",
        "IDLE, 1400, 12, IDLE", // less than half of a processor
        "IDLE, 1600, 12, BUSY",
        "IDLE, 6000, 64, IDLE", // what is alive gives it room already
        "BUSY, 6000, 60, BUSY",
        "BUSY, 400, 60, BUSY", // a pause is no end
        "BUSY, 200, 60, IDLE",
        "BUSY, 6000, 8, BUSY",
    })
    void followsWork(Share now, long usedMillis, long roomMebibytes, Share wanted) {
        assertThat(HeapRoom.next(now, Duration.ofMillis(usedMillis), roomMebibytes << 20))
                .isEqualTo(wanted);
    }
}
