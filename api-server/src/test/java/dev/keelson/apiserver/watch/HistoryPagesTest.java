package dev.keelson.apiserver.watch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HistoryPagesTest {
    private static final long ENOUGH = 16 << 20;

    private final HistoryPages pages = new HistoryPages();

    @Test
    void whoHasTakenLittleGetsASmallPage() {
        assertThat(pages.takeLarge(0)).isFalse();
        assertThat(pages.takeLarge(ENOUGH - 1)).isFalse();
        assertThat(pages.takeLarge(ENOUGH)).isTrue();
    }

    @Test
    void aFewLargePagesAreOutAtATime() {
        int out = 0;
        while (pages.takeLarge(ENOUGH)) {
            out++;
        }
        assertThat(out * HistoryPages.LARGE.bytes()).isEqualTo(4 << 20);

        pages.giveLargeBack();

        assertThat(pages.takeLarge(ENOUGH)).isTrue();
        assertThat(pages.takeLarge(ENOUGH)).isFalse();
    }
}
