package dev.keelson.cli.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.cli.memory.HeapRoom.Share;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeapRoomTest {

    @ParameterizedTest
    @CsvSource({
        "IDLE, 0, 1, 12, IDLE",
        "IDLE, 1400, 0, 12, IDLE", // less than half of a processor
        "IDLE, 1600, 0, 12, BUSY",
        "IDLE, 6000, 0, 64, IDLE", // what is alive gives it room already
        "BUSY, 6000, 0, 60, BUSY",
        "BUSY, 400, 0, 60, BUSY",
        "BUSY, 200, 19, 60, BUSY", // a pause is no end
        "BUSY, 200, 20, 60, IDLE",
        "BUSY, 6000, 0, 8, BUSY",
    })
    void followsWork(Share now, long workedMillis, int idle, long roomMebibytes, Share wanted) {
        assertThat(HeapRoom.next(now, Duration.ofMillis(workedMillis), idle, roomMebibytes << 20))
                .isEqualTo(wanted);
    }
}
