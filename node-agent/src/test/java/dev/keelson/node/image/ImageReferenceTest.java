package dev.keelson.node.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.node.NodeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReferenceTest {
    private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);

    @ParameterizedTest
    @CsvSource({
        "web, docker.io/library/web:latest",
        "web:1, docker.io/library/web:1",
        "team/web, docker.io/team/web:latest",
        "docker.io/web, docker.io/library/web:latest",
        "index.docker.io/team/web:2, docker.io/team/web:2",
        "localhost/web, localhost/web:latest",
        "localhost:5000/web:1, localhost:5000/web:1",
        "reg.local/a/b__c/d-e.f:v1.2_3, reg.local/a/b__c/d-e.f:v1.2_3",
        "127.0.0.1:5000/web, 127.0.0.1:5000/web:latest",
        "[::1]:5000/web:1, '[::1]:5000/web:1'",
        "Registry/web, Registry/web:latest",
        "keelson.dev/examples/web:1, keelson.dev/examples/web:1"
    })
    void shortNamesMeanWhatTheyMeanEverywhere(String text, String full) {
        assertThat(ImageReference.parse(text)).hasToString(full);
        assertThat(ImageReference.parse(full)).hasToString(full);
    }

    @Test
    void digestWinsOverTag() {
        ImageReference reference = ImageReference.parse("reg.local/web:1@" + DIGEST);

        assertThat(reference.tag()).isEqualTo("1");
        assertThat(reference.version()).isEqualTo(DIGEST);
        assertThat(ImageReference.parse("web@" + DIGEST)).hasToString("docker.io/library/web@" + DIGEST);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "Web",
                "web:",
                "web:-1",
                "web:a b",
                "web:" + "\u00e9",
                "/web",
                "reg.local/",
                "reg.local//web",
                "web@sha256:123",
                "web@md5:0123456789abcdef0123456789abcdef",
                "web@",
                "a..b",
                "-web",
                "web-",
                "a___b",
                "reg.local/../etc",
                "web\n",
                "reg.local:port/web",
                "http://reg.local/web",
                "web:1:2",
                "we%62",
                "$(id)"
            })
    void whatIsNoNameIsRefusedWithTheReason(String text) {
        assertThatThrownBy(() -> ImageReference.parse(text))
                .isInstanceOfSatisfying(
                        NodeException.class, e -> assertThat(e.reason()).isEqualTo("InvalidImageName"))
                .hasMessageContaining("is not an image name");
    }

    @Test
    void tooLongNamesAreRefused() {
        assertThatThrownBy(() -> ImageReference.parse("reg.local/" + "a".repeat(250)))
                .hasMessageContaining("at most 255");
        assertThatThrownBy(() -> ImageReference.parse("web:" + "t".repeat(129))).hasMessageContaining("the tag");
    }
}
