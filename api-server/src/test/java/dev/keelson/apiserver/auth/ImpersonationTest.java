package dev.keelson.apiserver.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ImpersonationTest {
    private static final User BOB = new User("bob", List.of("system:authenticated"));

    @Test
    void everyPartTakesARightOfItsOwn() {
        Impersonation wish = wish(
                "Impersonate-User", "alice",
                "Impersonate-Group", "dev",
                "impersonate-group", "ops",
                "Impersonate-Uid", "7",
                "Impersonate-Extra-Acme.com%2Fscope", "all");
        assertThat(wish.needed(BOB))
                .extracting(asked ->
                        asked.verb() + " " + asked.group() + "/" + asked.resourceWithSubresource() + " " + asked.name())
                .containsExactly(
                        "impersonate /users alice",
                        "impersonate /groups dev",
                        "impersonate /groups ops",
                        "impersonate authentication.k8s.io/userextras/acme.com/scope all",
                        "impersonate authentication.k8s.io/uids 7");
        assertThat(wish.user())
                .isEqualTo(new User(
                        "alice",
                        "7",
                        List.of("dev", "ops", "system:authenticated"),
                        Map.of("acme.com/scope", List.of("all"))));
    }

    @Test
    void aServiceAccountIsAskedForAsSuchAndBringsItsGroups() {
        Impersonation wish = wish("Impersonate-User", "system:serviceaccount:shop:web");
        assertThat(wish.needed(BOB)).singleElement().satisfies(asked -> {
            assertThat(asked.resource()).isEqualTo("serviceaccounts");
            assertThat(asked.namespace()).isEqualTo("shop");
            assertThat(asked.name()).isEqualTo("web");
        });
        assertThat(wish.user().groups())
                .containsExactly("system:serviceaccounts", "system:serviceaccounts:shop", "system:authenticated");
    }

    @Test
    void anonymousStaysUnauthenticated() {
        assertThat(wish("Impersonate-User", "system:anonymous").user().groups())
                .containsExactly("system:unauthenticated");
    }

    @Test
    void groupsWithoutAUserAreRefused() {
        assertThatThrownBy(() -> Impersonation.of(List.of(Map.entry("Impersonate-Group", "system:masters"))))
                .hasMessageContaining("without a user");
        assertThat(Impersonation.of(List.of(Map.entry("Accept", "x")))).isEmpty();
    }

    /** @param headers names and values in turn */
    private static Impersonation wish(String... headers) {
        List<Map.Entry<String, String>> entries = new ArrayList<>();
        for (int at = 0; at < headers.length; at += 2) {
            entries.add(Map.entry(headers[at], headers[at + 1]));
        }
        return Impersonation.of(entries).orElseThrow();
    }
}
