package dev.keelson.node.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EventBookTest {
    private final EventBook book = new EventBook();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void repeatsRaiseACount() {
        EventBook.New first = (EventBook.New) place("BackOff", "again");
        now = now.plusSeconds(10);
        EventBook.Repeat second = (EventBook.Repeat) place("BackOff", "again");
        assertThat(second.entry().name()).isEqualTo(first.entry().name());
        assertThat(second.entry().count()).isEqualTo(2);
        assertThat(second.entry().first()).isEqualTo(first.entry().first());
        assertThat(place("BackOff", "other")).isInstanceOf(EventBook.New.class);
    }

    @Test
    void aFloodIsCutAndTricklesOn() {
        for (int i = 0; i < 25; i++) {
            assertThat(place("Failed", "m" + i)).isInstanceOf(EventBook.New.class);
        }
        assertThat(place("Failed", "m25")).isInstanceOf(EventBook.TooMany.class);
        now = now.plus(Duration.ofMinutes(5));
        assertThat(place("Failed", "m26")).isInstanceOf(EventBook.New.class);
        assertThat(place("Failed", "m27")).isInstanceOf(EventBook.TooMany.class);
    }

    private EventBook.Place place(String reason, String message) {
        return book.place(new EventBook.Note(
                new ObjectReferenceBuilder().withName("web").withUid("u").build(), "Warning", reason, message, now));
    }
}
